"""What can go wrong with the key file and with who wants to open it."""

from __future__ import annotations

from migdesk.errors import Mistake, Obstacle, Refusal
from migdesk.i18n import N_


class PasswordTooShort(Mistake):
    code = "KEY-001"
    text = N_("A password has at least {length} characters. A short sentence is easy to keep.")


class WrongPassword(Mistake):
    """`seconds` is the time to wait before the next try, 0 after the first two."""

    code = "KEY-002"
    text = N_("This password is not the right one.")

    @property
    def seconds(self) -> int:
        return int(self.gaps["seconds"])


class WrongPasswordWait(WrongPassword):
    """The same, when the next try must wait."""

    code = "KEY-003"
    text = N_("This password is not the right one. Wait {seconds} s before the next try.")


class TooSoon(Refusal):
    """Tried again before the wait was over; the password was not looked at."""

    code = "KEY-004"
    text = N_("After several wrong passwords, wait {seconds} s before the next try.")

    @property
    def seconds(self) -> int:
        return int(self.gaps["seconds"])


class RecoveryMistyped(Mistake):
    code = "KEY-005"
    text = N_("This recovery key has a typing error. Compare it with the printed sheet.")


class WrongRecovery(Mistake):
    code = "KEY-006"
    text = N_("This recovery key is not the one of this database. Look for a newer sheet.")


class BrokenKeyFile(Refusal):
    code = "KEY-007"
    text = N_("The key file is damaged and was left as it is. Put it back from a backup.")


class NewerKeyFile(Refusal):
    code = "KEY-008"
    text = N_("The key file was written by a newer MigDesk. Install that version here.")


class KeyFileExists(Refusal):
    code = "KEY-009"
    text = N_("There is a key file here already. It was left as it is.")


class LastAccount(Refusal):
    code = "KEY-010"
    text = N_("This is the last account; without it nobody could open. Add another first.")


class NoSuchAccount(Refusal):
    code = "KEY-011"
    text = N_("This account does not exist on this computer.")


class AccountExists(Refusal):
    code = "KEY-012"
    text = N_("This account exists already on this computer.")


class KeyFileUnreachable(Obstacle):
    code = "KEY-013"
    text = N_("The key file cannot be read or written ({reason}). Check the disk, then retry.")
