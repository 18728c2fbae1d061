"""Spanish: months and days are written small, and questions begin with ¿."""

from retrieval.text.languages.anaphora import Anaphora
from retrieval.text.languages.language import Language
from retrieval.text.languages.spanish_questions import PHRASING
from retrieval.text.languages.spanish_times import MONTHS, SHORT_MONTHS, TIMES, WEEKDAYS
from retrieval.text.languages.word_lists import words

_QUESTION_WORDS = words(
    """quién quiénes qué cuál cuáles dónde adónde cuándo cómo cuánto cuánta cuántos cuántas quien quienes que cual
    cuales donde cuando como cuanto cuanta cuantos cuantas cuyo cuya"""
)

_TOLD_BEFORE = """
    hombre mujer hombres mujeres niño niña niños pareja grupo decisión medida medidas incidente acuerdo ley proyecto
    informe estudio investigación encuesta resultado empresa compañía sospechoso sospechosos víctima víctimas ataque
    anuncio declaración comunicado documento vídeo video carta caso fallo sentencia plan programa propuesta paso
    conductor coche avión edificio actor actriz cantante entrenador problema idea crítica acusaciones demanda juicio
    accidente incendio fuego tormenta explosión película libro partido victoria reunión visita huelga protesta votación
    resto autor autora abogado abogada político portavoz dos
"""
_ANAPHORA = Anaphora(
    points_back=(
        r"(?:él|ella|ellos|ellas|ello|les?|su|sus|est[aeo]s?(?! (?:lunes|martes|miércoles|jueves|viernes|sábado"
        r"|domingo|semana|mes|año|mañana|tarde|noche|fin|verano|invierno))|es[aeo]s?|aquell[aeo]s?|ambos|ambas"
        r"|dich[oa]s?|éste|ésta|tal(?:es)?|pero|y|e|o|pues|(?:luego|después|además|antes)(?! de)|entonces"
        r"|así(?! como)|también|tampoco|sin embargo|no obstante|aun así"
        r"|por (?:otra parte|otro lado|lo tanto|ello|eso|ejemplo|su parte)|en cambio|al contrario|de hecho"
        r"|en consecuencia|al mismo tiempo|mientras tanto|asimismo|finalmente|por último|más tarde|posteriormente"
        r"|allí|ahí|(?:dos|tres|pocos|unos) (?:días|horas|semanas|meses|años) (?:más tarde|después|antes))(?!\w)"
    ),
    told_before=(
        rf"(?:el|la|los|las) (?P<noun>{'|'.join(_TOLD_BEFORE.split())})\b(?! (?:del?|sobre|para|contra|entre|que"
        rf"|cuyo|cuya|donde|a|al|en|con|por|(?-i:[A-ZÁÉÍÓÚÑ])\w+)\b)"
    ),
    nobody=(
        r"\b(?:dijo|dice|añadió|afirmó|explicó|aseguró|señaló|agregó|indicó) (?:él|ella)\b"
        r"|^[\s,]*(?:dijo|añadió|afirmó|explicó|aseguró|señaló|agregó|indicó)\W*$"
        r"|^(?:cuando|aunque|mientras) (?:él|ella)\b"
    ),
    its_page=(
        r"\b(?:newsletter|boletín|suscríbete|suscríbase|suscribirse|haga clic|haz clic|lea también|lee también"
        r"|síguenos|este artículo (?:fue|ha sido)|regístrese|regístrate|cookies|foto:|con información de"
        r"|lo que sabemos)"
    ),
)

SPANISH = Language(
    code="es",
    stop_words=_QUESTION_WORDS
    | words(
        """llama llaman llamaba llamó denomina ejemplo a al algo algún alguna algunas alguno algunos ante antes así
        aún aunque bajo bien cada casi con contra cosa de del desde después dice dijo dos durante e el él ella
        ellas ellos en entre era eran eres es esa esas ese eso esos está estaba estaban estado están estar estas
        este esto estos esta fue fueron ha había habían haber hace hacer hacia han hasta hay he hemos hizo la las
        le les lo los más me menos mi mis mismo misma mucho mucha muchos muy nada ni no nos nosotros nuestra
        nuestro o os otra otras otro otros para parte pero poco por porque pues puede pueden sea según ser si sí
        sido siendo sin sino sobre solo sólo son soy su sus también tan tanto te tener tenía tiene tienen todo
        toda todos todas tras tu tus tuvo un una unas uno unos usted ustedes va van y ya yo"""
    ),
    capitals_tell_names=True,
    months=MONTHS,
    short_months=SHORT_MONTHS,
    weekdays=WEEKDAYS,
    times=TIMES,
    phrasing=PHRASING,
    anaphora=_ANAPHORA,
    numbers=words(
        """dos tres cuatro cinco seis siete ocho nueve diez once doce veinte cien ciento cientos mil miles docena
        docenas decenas mitad tercio cuarto"""
    ),
    scales=r"por ciento|millones|millón|billones|mil millones|euros?|dólares|dólar",
    speech=words(
        """dijo dice dicho declaró anunció afirmó explicó aseguró añadió advirtió señaló indicó subrayó escribió
        destacó insistió denunció reconoció sostuvo criticó informó manifestó comentó confirmó prometió acusó
        afirma asegura explica"""
    ),
    speech_pattern=r"\b(?:según|de acuerdo con)\b",
    reasons=words("porque pues debido tras causa causas motivo razón después desde ya por"),
    reason_pattern=r"\b(?:debido a|a causa de|por culpa de|gracias a|a raíz de|ya que|puesto que|para que|"
    r"con el fin)\b",
    referring=r"él|ella|ellos|ellas|eso|esto|ese|esa|esos|esas|este|esta|estos|estas|su|sus|pero|y|también",
    openers=words(
        """el la los las un una unos unas en de del al a con por para sin sobre tras ante desde hasta entre según y o
        pero si cuando como mientras aunque porque él ella ellos ellas yo nosotros ese esa eso este esta esto
        estos estas su sus nuestro nuestra quién qué cuál dónde cuándo cómo cuánto más muchos algunos varios todos
        todas cada otro otra dos tres así también además ayer hoy mañana según durante no ya lo se ha han fue es"""
    ),
    shortened=words(
        "sr sra sres sras srta srtas dr dra dres lic ing d dña avda av aprox ud uds prof profa gral cnel pte"
    ),
    shortened_before_numbers=words("núm num pág págs art arts cap vol fig n aprox"),
    asks={
        "person": r"\b(?:a |de |con |por )?qui[eé]n(?:es)?\b|\b(?:qué|cuál) (?:\w+ ){0,2}(?:presidente|ministr|jugador|"
        r"actor|actriz|cantante|autor|líder|entrenador|persona|juez|artista|político|atleta)",
        "place": r"\b(?:a|de|en)?\s?d[oó]nde\b|\b(?:qué|cuál(?:es)?(?: es)?(?: el| la)?) (?:\w+ ){0,2}(?:país|ciudad|"
        r"región|estado|lugar|isla|continente|río|provincia|zona|mar)",
        "number": r"\bcu[aá]nt[oa]s?\b|\b(?:qué|cuál (?:es|fue|era)(?: el| la)?) (?:\w+ ){0,2}(?:porcentaje|número|"
        r"cantidad|precio|tasa|edad|cifra|altura|distancia|proporción)",
        "date": r"\bcu[aá]ndo\b|\b(?:qué|cuál (?:es|fue)(?: el| la)?) (?:\w+ )?(?:año|mes|día|fecha|siglo|década|"
        r"época)",
        "reason": r"\bpor qué\b|\b(?:por|cuál) (?:qué|es la|fue la) (?:razón|motivo|causa)\b|\ba qué se debe\b",
        "speech": r"\b(?:dijo|dice|dicho|decir|declaró|opina|afirma|afirmó|piensa|reaccionó|acusa|propone|pide|"
        r"postura)\b",
    },
    question_words=_QUESTION_WORDS,
)
