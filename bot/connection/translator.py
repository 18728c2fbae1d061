"""The names and descriptions of commands in the languages that are spoken, for Discord's menus."""

from __future__ import annotations

from discord import Locale, app_commands
from discord.app_commands import TranslationContextLocation, TranslationContextTypes, locale_str

from bot.wording.language import ENGLISH, NAME, OPTION, language_of, translated

_CONTEXTS = {
    TranslationContextLocation.command_name: NAME,
    TranslationContextLocation.group_name: NAME,
    TranslationContextLocation.parameter_name: OPTION,
}


class Translator(app_commands.Translator):
    """Looks texts of commands up in the catalogues."""

    async def translate(self, string: locale_str, locale: Locale, context: TranslationContextTypes) -> str | None:
        """`string` in the language of `locale`; None where that is not spoken, or says the same."""
        language = language_of(locale.value)
        if language == ENGLISH:
            return None
        return translated(string.message, language, _CONTEXTS.get(context.location))
