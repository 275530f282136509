/* The service's settings, read once at the start. */
#pragma once
#include "lib/base/settings.h"

struct notifications_config {
    const char *sms_url, *sms_sender, *sms_receipts_url, *sms_receipts_secret;
    const char *smtp_url, *smtp_user, *smtp_password, *mail_from;
    const char *public_url;
    int64_t allows_private_webhooks;
};
extern struct notifications_config config;
extern const struct setting notifications_settings[];
