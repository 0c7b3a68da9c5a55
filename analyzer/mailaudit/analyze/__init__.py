# SPDX-License-Identifier: GPL-3.0-or-later
"""`mailaudit analyze`: what whole logs say, without a store."""
