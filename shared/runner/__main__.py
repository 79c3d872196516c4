"""The process itself. eventlet must patch the standard library before anything else is imported that uses it."""

import sys
import warnings


def main() -> None:
    name = sys.argv[1]
    if name == "gateway":
        from shared.runner import asgi

        sys.exit(asgi.serve(name))
    # it says at import that it is only maintained; whoever operates namtot cannot do anything about it
    warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")
    import eventlet

    eventlet.monkey_patch()
    from shared.runner import nameko

    sys.exit(nameko.serve(name))


if __name__ == "__main__":
    main()
