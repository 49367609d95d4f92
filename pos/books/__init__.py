"""The books: the audit chain, VAT and receipts."""
