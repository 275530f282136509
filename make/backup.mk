# Backups are worth what a restore has shown.
.PHONY: drill-restore drill-restore-mutants
drill-restore: ## backs a suite up under load, destroys PostgreSQL, Redis and files, restores from the backup alone, counts
	@scripts/install.sh run
	@env -u MAKEFLAGS -u MFLAGS $(MAKE) -s all
	@scripts/drill-restore
drill-restore-mutants: ## leaves a step of it out, one a run: the counts must turn red every time
	@scripts/install.sh run
	@env -u MAKEFLAGS -u MFLAGS $(MAKE) -s all
	@scripts/drill-restore --mutants
