# Everything starts here; `make help` lists it. ARGS passes options on: make demo ARGS="--exit --json"
.DEFAULT_GOAL := help
.PHONY: help install demo up down status test bench lint

PYTHON := .venv/bin/python
NAMTOT := .venv/bin/namtot
ARGS ?=

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

install: ## .venv from requirements.lock; the other targets do it by themselves
	@sh deploy/local/bootstrap.sh

demo: install ## a district's year, simulated, flows through everything; Ctrl-C ends it (ARGS="--exit --json")
	@$(NAMTOT) demo $(ARGS)

up: install ## start RabbitMQ, MongoDB and the services on this machine (ARGS="--only-servers")
	@$(NAMTOT) up $(ARGS)

down: install ## stop what `make up` started (ARGS="--wipe" deletes the data too)
	@$(NAMTOT) down $(ARGS)

status: install ## what runs, and where
	@$(NAMTOT) status $(ARGS)

test: install ## all tests, on real servers (ARGS="tests/unit -k naming")
	@$(PYTHON) -m deploy.local.packages tests
	@$(PYTHON) -m pytest -n auto --dist loadfile --no-loadscope-reorder $(ARGS)

bench: install ## measure the speed and compare it (ARGS="--json")
	@$(PYTHON) -m tests.performance $(ARGS)

lint: install ## ruff and mypy
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m mypy
