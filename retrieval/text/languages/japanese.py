"""Japanese: no spaces and no capitals; words of its own are in kanji or katakana, hiragana carries the grammar."""

from retrieval.text.languages.language import Language
from retrieval.text.languages.word_lists import words

JAPANESE = Language(
    code="ja",
    stop_words=frozenset(
        "ぁあぃいぅうぇえぉおかがきぎくぐけげこごさざしじすずせぜそぞただちぢっつづてでとどなにぬねのはばぱひびぴふぶぷへべぺほぼぽまみむめもゃやゅゆょよらりるれろわをん何誰"
    )
    - {""},
    day_pattern=r"(?:\d{4}\s*年)?\s*\d{1,2}\s*月(?:\s*\d{1,2}\s*日)?|\d{4}\s*年|[月火水木金土日]曜日?",
    number_pattern=r"[一二三四五六七八九十百千万億]+(?=[人年月日回倍歳万億円件社国個つ本名])",
    scales=r"%|％|パーセント|万|億|円|ドル",
    speech_pattern=r"と(?:述べ|話し|語っ|言っ|発表|強調|説明|指摘|主張)|によると|によれば|表明|明らかにし",
    reason_pattern=r"ため|ので|から、|により|理由|原因|せいで|おかげで",
    referring=r"彼|彼女|これ|それ|この|その|しかし|また|そして|だが|なお|同氏|同社",
    asks={
        "person": r"誰|だれ|どなた|何者",
        "place": r"どこ|何処|どの(?:国|都市|街|場所|州|県|地域|島)|何(?:という|て)?(?:国|都市)",
        "number": r"いくつ|いくら|何(?:人|件|回|歳|パーセント|%|％|倍|個|円|キロ|メートル)|どれくらい|どのくらい|割合",
        "date": r"いつ|何(?:年|月|日|曜日|時|世紀)",
        "reason": r"なぜ|何故|どうして|理由は|原因は",
        "speech": r"何と(?:述べ|言|発言|話)|見解|反応|主張",
    },
    question_words=words("何 誰 いつ どこ なぜ どう どの どれ いくつ いくら"),
)
