"""Korean: words are parted by spaces, and what a word does in its sentence is written behind it, in one with it."""

from retrieval.text.languages.language import Language
from retrieval.text.languages.word_lists import words

KOREAN = Language(
    code="ko",
    stop_words=words(
        """은 는 이 가 을 를 에 의 와 과 도 로 으로 에서 에게 및 등 그 저 것 수 있다 있는 없다 하다 한다 했다 하는
        된다 되는 대한 대해 위해 통해 무엇 무엇이 무엇을 무엇인가 무엇입니까 누구 누가 누구인가 누구입니까 언제
        언제인가 어디 어디서 어디에 어디에서 왜 어떻게 어떤 어느 몇 얼마 얼마나 그리고 그러나 하지만 또한 이런
        그런"""
    ),
    day_pattern=r"(?:\d{4}년)?\s*\d{1,2}월(?:\s*\d{1,2}일)?|\d{4}년|[월화수목금토일]요일",
    number_pattern=r"(?:[두세네]|다섯|여섯|일곱|여덟|아홉|열) ?(?:명|개|번|살|배|건|곳|달|차례)",
    scales=r"%|퍼센트|만|억|조|원|달러|유로",
    speech_pattern=r"(?:라고|다고|다며|라며)\s?(?:말|밝|전|강조|주장|설명|덧붙|했)|에 따르면|발표|언급",
    reason_pattern=r"때문|으로 인해|따라서|이유|원인|위해|덕분",
    referring=r"그는|그녀|그들|이는|이것|그것|그러나|하지만|또한|그리고|이에|이번",
    asks={
        "person": r"누구|누가|누굴|어떤 사람|어느 (?:선수|배우|대통령|장관)",
        "place": r"어디|어느 (?:나라|도시|국가|지역|곳)|어떤 (?:나라|도시|국가|장소)",
        "number": r"몇|얼마|비율",
        "date": r"언제|몇 ?(?:년|월|일|시)|어느 (?:해|날|달)",
        "reason": r"왜|이유|원인은",
        "speech": r"뭐라고|무엇이라고|입장|반응|주장",
    },
    question_words=words("무엇 누구 누가 언제 어디 왜 어떻게 어떤 어느 몇 얼마"),
)
