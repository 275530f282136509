# What Majster stands on: Debian's packages, Kafka's jars, and throw-away servers under $(RUN).
RUN ?= .run

.PHONY: install-run install-test parts-up parts-down
install-run: ## installs what building and the demo need (as root, once)
	@scripts/install.sh run
install-test: ## installs what checks and tests need, too (as root, once)
	@scripts/install.sh test
parts-up: install-run ## starts throw-away PostgreSQL, Redis, Kafka, mail, nginx and makes the database
	@scripts/parts up $(RUN)
	@set -a && . $(RUN)/env && scripts/bootstrap-database.sh $(RUN)
parts-down: ## ends them
	@scripts/parts down $(RUN)
