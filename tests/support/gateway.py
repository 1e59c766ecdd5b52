"""Settings of an SMS gateway as in production, equal to an example of docs/settings.md."""

TEXTS = {
    "PUBLICMEETING_SMS_TEXT_URL": "https://gateway.example/send",
    "PUBLICMEETING_SMS_TEXT_HEADERS": '{"X-API-KEY": "the word"}',
    "PUBLICMEETING_SMS_TEXT_BODY": '{"to": "{mobile}", "message": "{text}"}',
    "PUBLICMEETING_SMS_TEXT_SUCCESS": "status=1",
}
