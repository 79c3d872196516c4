"""Who is signed in, and what they may do.

    policy      which role may enter and do what (pure)
    sessions    signed cookies that end by themselves
    throttle    how often somebody may try to sign in
    oidc        an identity provider's tokens, by the keys that it publishes
    gate        all of it for one gateway
"""
