# Majster in containers, also where no registry of images can be reached; deploy/README.md tells what to do with it.
.PHONY: images images-twice containers containers-down containers-demo
images: ## one container image a service, majster/SERVICE:local
	@scripts/install.sh containers
	@scripts/engine up
	@scripts/images build
images-twice: ## builds every image twice from nothing: the same bytes, or it fails
	@scripts/install.sh containers
	@scripts/engine up
	@scripts/images twice
containers: images ## builds the images, brings the suite up in containers and shows it healthy (EDGE_PORT=, PARTS=)
	@scripts/containers up
	@scripts/containers status
containers-down: ## ends it; volumes and secrets stay (scripts/containers wipe deletes them)
	@scripts/containers down
	@scripts/engine down
containers-demo: images ## replays the demo's day against containers (SEED=, SPEED=, DIR=)
	@scripts/install.sh run
	@scripts/demo --containers $(or $(DIR),$(RUN)/demo-containers)
