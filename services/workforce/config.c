/* The settings that main.c's table fills. */
#include "services/workforce/config.h"

struct workforce_config config;
