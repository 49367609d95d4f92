"""Money on its way: intents, readers, webhooks, and finding out what happened."""
