# SPDX-License-Identifier: GPL-3.0-or-later
"""`mailgate replay`: an archive of mail judged as at the door, to see what each duty would do."""
