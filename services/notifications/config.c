/* The table of settings; main.c points at it, handlers read `config`. */
#include "services/notifications/config.h"

struct notifications_config config;

const struct setting notifications_settings[] = {
    { "NOTIFICATIONS_SMS_URL", .text = &config.sms_url,
      .help = "SMS gateway that takes POSTed messages; empty: test mode, nothing leaves" },
    { "NOTIFICATIONS_SMS_SENDER", .text = &config.sms_sender, .text_fallback = "Majster",
      .help = "sender's name, at most 11 signs" },
    { "NOTIFICATIONS_SMS_RECEIPTS_URL", .text = &config.sms_receipts_url,
      .help = "where the gateway posts receipts: our own /v1/sms-receipts as it sees it" },
    { "NOTIFICATIONS_SMS_RECEIPTS_SECRET", .text = &config.sms_receipts_secret, .is_secret = true,
      .help = "signs the gateway's receipts; without it they are refused" },
    { "NOTIFICATIONS_SMTP_URL", .text = &config.smtp_url,
      .help = "mail server, smtp:// or smtps://host:port; empty: test mode, nothing leaves" },
    { "NOTIFICATIONS_SMTP_USER", .text = &config.smtp_user, .help = "empty: nobody signs in" },
    { "NOTIFICATIONS_SMTP_PASSWORD", .text = &config.smtp_password, .is_secret = true,
      .help = "of that user" },
    { "NOTIFICATIONS_MAIL_FROM", .text = &config.mail_from,
      .text_fallback = "Majster <kontakt@majster.example>", .help = "sender of all mail" },
    { "NOTIFICATIONS_PUBLIC_URL", .text = &config.public_url,
      .text_fallback = "https://majster.example", .help = "what links in messages begin with" },
    { "NOTIFICATIONS_ALLOW_PRIVATE_WEBHOOKS", &config.allows_private_webhooks, 0, 0, 1,
      "1: webhooks may use plain http and private addresses (demo, sandbox)" },
    { 0 },
};
