"""Selling: a basket, its price, and the sale in three short transactions."""
