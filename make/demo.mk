# One day of Majster to watch, and an empty suite to play with.
.PHONY: demo up down
demo: ## installs, builds, starts everything on loopback and replays one day (SEED=, SPEED=, KEEP=1)
	@scripts/install.sh run
	@env -u MAKEFLAGS -u MFLAGS $(MAKE) -s SAN=$(SAN) all
	@scripts/demo $(DIR)
up: ## an empty suite in $(RUN), in real time
	@scripts/install.sh run
	@env -u MAKEFLAGS -u MFLAGS $(MAKE) -s SAN=$(SAN) all
	@scripts/parts up $(RUN)
	@set -a && . $(RUN)/env && scripts/bootstrap-database.sh $(RUN) && scripts/suite up $(RUN) && \
	 printf '%s\n' "up: $$EDGE_URL; make down ends it" "    README, \"Order a repair\", goes on from here" \
	  "    scripts/suite run $(RUN) portal --issue-token operator me     a key to sign in with at $$EDGE_URL/sign-in"
down: ## ends what up and demo started; data and logs stay
	@for folder in $(RUN) $(RUN)/demo*; do \
	    if [ -e $$folder/parts.json ]; then scripts/suite down $$folder && scripts/parts down $$folder || exit; fi; \
	done
