/* What can be set from outside, with its bounds. */
#include "services/routing/settings.h"
#include "lib/base/time.h"

struct routing_config routing_config;

const struct setting routing_settings[] = {
    { "ROUTING_IMPROVE_MS", &routing_config.improve_ms, 2000, 200, MINUTES(10),
      "machine time between two improvements of one region" },
    { "ROUTING_ANSWER_MS", &routing_config.answer_ms, SECONDS(30), SECONDS(1), MINUTES(10),
      "machine time that matching has to answer a proposal" },
    { "ROUTING_WORTH_MS", &routing_config.worth_ms, MINUTES(5), 0, HOURS(2),
      "travel; what saves less is not proposed" },
    { "ROUTING_TECHNICIANS", &routing_config.technicians, 60, 2, 300,
      "most technicians whose visits are exchanged together" },
    { "ROUTING_ROUNDS", &routing_config.rounds, 20000, 0, 10000000,
      "rounds of the search for a better plan" },
    { 0 },
};
