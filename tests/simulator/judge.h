/* notifications' verdict on one try, without the names that its header shares with intake's. */
#pragma once
#include "services/notifications/domain/message_states.h"

/* What the message becomes after a try with that answer; `status` 0: none came. */
enum message_state message_after(int status, bool was_sent);
