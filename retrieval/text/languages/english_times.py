"""How English tells times in a question."""

from __future__ import annotations

from retrieval.text.languages.times import YEAR, Times
from retrieval.text.words import ANY_MONTH, NUMBERS, WEEKDAYS

_MONTH = rf"(?:{ANY_MONTH})\b\.?"
_WEEKDAY = f"(?:{'|'.join(WEEKDAYS)})"
_NUMBER = r"\d{1,2}(?:st|nd|rd|th)?"
_DAY = (
    rf"(?:{_NUMBER}(?:\sof)?\s{_MONTH}|{_MONTH}\s{_NUMBER}\b(?!:))(?:,?\s{YEAR})?"
    rf"|{YEAR}-\d\d-\d\d|\d\d?/\d\d?/{YEAR}"
)
_COUNTS = {word: number for word, number in NUMBERS.items() if 1 <= number <= 12} | {
    "a": 1,
    "an": 1,
    "couple": 3,
    "few": 7,
    "several": 7,
}
_COUNT = rf"(?<![\d,.])(?:(?:a\s)?(?P<count>\d{{1,3}}|{'|'.join(_COUNTS)})\s(?:of\s)?)"
_NO_TIME_OF_WEEKDAY = "|".join(
    """a an any before by coming each every first following for from good in next one second some super the third
    through till to until what which early late ash black bloody cyber easter giving palm sheffield""".split()
)

TIMES = Times(
    month=_MONTH,
    cues=(
        (
            "range",
            rf"\b(?:between|from)\s(?P<start>{_DAY}|{_NUMBER}|{_MONTH}(?:\s{YEAR})?)\s(?:and|to|until|through)"
            rf"\s(?P<end>{_DAY}|{_MONTH}(?:\s{YEAR})?|{_NUMBER}\b(?!\s*%))(?![\w/])",
        ),
        (
            "date",
            rf"\b(?:(?P<since>since|after)|(?P<before>before)|(?P<onwards>from)|(?P<within>on)|(?P<of>of))"
            rf"\s(?:{_WEEKDAY},?\s)?(?:the\s)?(?P<date>{_DAY})(?![\w/])",
        ),
        (
            "date",
            r"(?<!\bare\s)\b(?:(?P<since>since|after)|(?P<before>before)|(?P<within>in|during)|throughout)"
            rf"\s(?:(?:early|mid|late)[\s-])?(?P<date>{_MONTH}(?:,?\s{YEAR})?|{YEAR})(?![\w/])(?!\s\d)",
        ),
        ("ago", rf"\b{_COUNT}(?P<unit>day|week|month|year)s?\sago\b(?:\stoday)?"),
        (
            "rolling",
            rf"\b(?:(?:in|over|during|within|for)\s(?:the|these)\s(?:last|past)|this\spast)\s{_COUNT}?"
            r"(?P<unit>hour|day|week|month|year)s?\b(?!\s(?:of|before|until)\b)",
        ),
        ("yesterday", r"\b(?:yesterday|last\snight)\b"),
        ("today", r"\b(?:today|this\s(?:morning|afternoon|evening))\b"),
        ("last_weekend", r"\b(?:last|this\spast|over\sthe)\sweekend\b"),
        ("last_week", r"(?<!\bthe\s)\blast\sweek\b(?!\s(?:of|before)\b)"),
        ("last_month", r"(?<!\bthe\s)\blast\smonth\b(?!\s(?:of|before)\b)"),
        ("this_week", r"\bthis\sweek(?:end)?\b"),
        ("this_month", r"\bthis\smonth\b"),
        (
            "weekday",  # but not "Ruby Tuesday", "Friday the 13th", "the Sunday Times"
            rf"(?<!['’-])\b(?:(?P<last>last)|(?P<since>since)|on|past|this|(?!(?:{_NO_TIME_OF_WEEKDAY})\s)(?-i:[^\WA-Z])"
            rf"[\w'’-]{{0,14}})\s(?:(?:early|late)\s)?\b(?P<day>{_WEEKDAY})(?P<owns>['’]s)?(?!['’]s)"
            r"(?:\s(?:morning|afternoon|evening|night))?(?![\w-])"
            r"(?!\s(?:of|the|night|morning|afternoon|evening|times|mail|telegraph|post|mirror)\b)",
        ),
    ),
    counts=_COUNTS,
    units={"hour": "hour", "day": "day", "week": "week", "month": "month", "year": "year"},
    day_first=False,
    # An adverb ("in 2019, who …"); a noun makes it part of a name ("the 2019 final").
    ends=(
        r"\s*(?:$|[?!;),]|[.:–—-](?:\s|$))|\s(?:a|about|after|again|against|an|and|are|as|at|because|before|but|by|can"
        r"|could|did|do|does|during|for|from|had|has|have|he|how|in|into|is|it|of|on|or|over|she|than|that|the|they|to"
        r"|was|were|what|when|where|whether|which|while|who|whom|whose|why|with|would)\b"
    ),
    name_follows=r"(?-i:(?:['’]s)?[\s-][A-Z]|-)",
    list_follows=rf"\s*(?:,|\b(?:and|or|to|until)\b|–)\s*(?:{_MONTH}|{YEAR})|\s(?:and|or|to)\s\d",
    names_too=frozenset(["may"]),  # "since May resigned", "in May's speech", "which of the 5 may"
    future=(
        r"\b(?:will|won['’]t|going\sto|could|upcoming|forthcoming|tomorrow|next|(?:is|are|be|was|were)\s(?:\w+\s)?(?:set"
        r"|expected|scheduled|due|slated|planned|poised|about|planning|preparing)\s(?:to|for|on))\b|['’]ll\b"
    ),
    comparison=(
        r"\b(?:first|only|last|most|least|best|worst|record|biggest|largest|smallest|greatest|highest|lowest|deadliest"
        r"|strongest|weakest|fastest|slowest|longest|shortest|youngest|oldest|steepest|sharpest|hottest|coldest|warmest"
        r"|richest|heaviest|worse|better|higher|lower|more|fewer|less|how\slong|not|never)\b[^.?!]*$|n['’]t\s[^.?!]*$"
    ),
    event=(
        r"(?:\b(?:after|at|during|following|from|in|of|over|since)\s(?:the|an?|his|her|its|their)\s(?:\S+\s){1,4}"
        r"|\b(?:after|following|since)\s[^,;?.!]{1,80}|\bthe\s[\w-]+\s|\b(?:began|beginning|started|starting)\s)$"
    ),
    since_then=r"\bsince\s[^,;?.!]{1,80}$",
    nowadays=r"\b(?:(?:in|of|to|until|even|usa)\s|still\b.*)$",
    past=(
        r"\b(?:back\sin|historically|(?<!of\s)(?<!\d\s)(?:years|decades|centuries)\sago|in\sthe\s(?:early\s|late\s"
        r"|mid-?\s?)?(?:\d\d)?\d0s|in\sthe\s\d\dth\scentury|(?:was|were|did|had|\w+ed)\b[^.?!]*\bbefore\s(?:Brexit"
        r"|Covid(?:-19)?|the\s(?:\w+\s){0,2}(?:elections?|war|pandemic|invasion|referendum|revolution)))\b"
    ),
    # "Who won the 2018 World Cup?", but not "… after the 2018 World Cup": there the year only places it.
    old_name=(
        r"(?-i:^(?:In|At|During|(?:Who|What|Where|Which|How)\b[^,;.]*\b(?:won|win|hosted?|was|were|did|happened|beat"
        rf"|held|scored)\b[^,;.]*)(?<!\bafter)(?<!\bsince)(?<!\bover)\sthe\s(?P<year>{YEAR})\s[A-Z])"
    ),
)
