"""Devices that replace their own certificates: who may, and what becomes of the old ones."""
