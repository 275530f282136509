/* Names of those who come together stand in one text, "Anna" or "Anna i Jan" (decision 0019); the
 * verb beside it agrees with how many they are. */
#pragma once

/* `one` beside a single name, `several` beside names joined by "i". */
const char *agreed(const char *names, const char *one, const char *several);
