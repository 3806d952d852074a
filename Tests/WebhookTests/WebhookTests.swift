// Webhook
