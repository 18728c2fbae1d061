"""How Spanish asks."""

from __future__ import annotations

from retrieval.text.languages.questions import NAME, Breadth, Leaning, Phrasing, Reporting, Wanting
from retrieval.text.languages.spanish_times import WEEKDAYS
from retrieval.text.languages.word_lists import words

_REPORTING = Reporting(
    reported=(
        rf"\b(?:según|de acuerdo con) {NAME}",
        rf"\b(?:artículos?|reportajes?|noticias|titulares|informaciones) (?:de|del|en) {NAME}",
        rf"\b(?:escribe|escriben|escribió|informa|informan|informó|publica|publicó|titula|tituló|reporta"
        rf"|reportó) {NAME}",
        rf"\b(?:publicad[oa]s?|aparecid[oa]s?|escrit[oa]s?) (?:por|en) {NAME}",
    ),
    said=(rf"\b(?:dice|dicen|dijo|cuenta|afirma) {NAME}",),
    ends=(
        r"sobre|de|del|acerca|a|al|que|es|son|ha|han|fue|era|será|en|desde|ayer|hoy|este|esta|para|contra|con|por"
        r"|respecto|el|la|los|las|un|una|quién|qué|cuándo|dónde|cuántos|cómo"
    ),
    ordinary=words("país mundo tiempo nación razón mercurio universal comercio periódico vanguardia"),
)

_ASKED = r"(?:qué|que|cuándo|cuando|dónde|donde|por qué|cómo|como|cuánto|cuántos)"
_SAYING = (
    r"(?:dijo|dice|hizo|hace|piensa|opina|quiere|quiso|propuso|propone|pidió|pide|anunció|decidió|prometió|declaró"
    r"|explicó)"
)
_LEANING = Leaning(
    opening=r"(?:(?:y|pero|entonces|luego|pues|ok(?:ay)?|bueno|sí)\b[\s,…-]*)+",
    more=(
        r"(?:cuéntame|dime|cuenta|di) (?:algo )?más(?: (?:sobre eso|por favor))?|más(?: (?:sobre eso|por favor))?"
        r"|contin[uú]a|sigue"
    ),
    bare=(
        r"(?:quién|quiénes|dónde|qué|cuándo) más|(?:por qué|cuándo|cuando|dónde|donde|quién|quien|quiénes|cómo|como"
        r"|cuánto|cuántos|cuántas|cuál)(?: (?:no|exactamente|ahora|fue|era|es|murieron|ganó|perdió))?(?: (?:eso"
        r"|esto))?|(?:desde|hasta) cuándo|(?:con|para|contra|por|de|a) qui[eé]n|(?:por|para) qué|por cuánto"
        r"|qué (?:más|exactamente)|qué pasó (?:después|luego)|cuánt[oa]s \w+(?: \w+)?|es (?:verdad|cierto)(?: eso)?"
        r"|cuándo fue eso"
    ),
    what_about=r"(?:(?:y )?qué (?:pasa|hay|tal|pasó) (?:con|de)|y) ",
    pointing=(
        r"\b(?:(?:eso|esto|ello|aquello|allí|allá|ahí|al respecto)$|(?:eso|esto) "
        r"|(?:es|fue|significa|cuesta) (?:eso|esto)\b)"
    ),
    pronouns=(
        (r"\b(?:él|ella|ellos|ellas)\b", "{name}"),
        (rf"^({_ASKED} {_SAYING})(?=$| (?:sobre|de|a|al|en|con|contra|ayer|hoy)\b)", r"\1 {name}"),
        (rf"^({_ASKED} (?:ha|han|había) \w+)(?=$| (?:sobre|de|a|al|en|con|contra|ayer|hoy)\b)", r"\1 {name}"),
        (rf"^({_ASKED} (?:nació|murió|dimitió|ganó|perdió|vive|fue \w+))$", r"\1 {name}"),
        (r"^(cuántos años (?:tiene|tenía))$", r"\1 {name}"),
    ),
    subjects=(
        rf"^{_ASKED} (?:{_SAYING}|(?:ha|han|había|va a|quiere) \w+|nació|murió|dimitió|reaccionó"
        rf"|vive) (?P<name>[^\s,]+(?: [^\s,]+){{0,3}}?)(?= (?:sobre|de|del|a|al|en|con|contra|por|para|desde|ayer"
        rf"|hoy)\b|$)",
        r"^qui[eé]n(?:es)? (?:es|era|fue|son|fueron) (?P<name>[^,]+)$",
    ),
    objects=r"sobre|contra|con|para|por|en|a|al|de|del|hacia",
    determiners=words("el la los las un una unos unas este esta estos estas ese esa su sus nuestro nuestra mi al del"),
    joined="y",
    onward=(
        r"(?:qué (?:ha pasado|pasó|ha ocurrido|ha cambiado|hay de nuevo|hay) )?(?:desde (?:entonces|eso)"
        r"|después (?:de eso)?|mientras tanto)|(?:hay )?(?:algo nuevo|alguna novedad|novedades"
        r"|noticias)(?: (?:sobre eso|al respecto|desde entonces))?"
        r"|qué (?:hay|tenemos) de nuevo(?: (?:sobre eso|al respecto))?|qué novedades hay"
        r"|cómo (?:está|va) (?:la cosa|eso|todo)(?: ahora)?|(?:las )?últimas noticias"
    ),
    now=r"(?:y )?(?:ahora|hoy|actualmente)",
    latest="Qué hay de nuevo sobre {topic}",
    since=" desde el {day}",
    thanks=words(
        "muchas muchísimas mil muy gracias genial bien bueno vale sí no ok claro perfecto hola adiós chao porfa"
    ),
)

_NEWS = (
    r"(?:(?:las |la |los )?(?:últimas? |recientes? )?(?:noticias?|novedades|novedad|informaciones|información"
    r"|titulares|situación|avances)(?: recientes| actual)?|(?:lo )?(?:último|nuevo|más reciente))"
)
_ON = r"(?:sobre|de|del|en|con|a|al|acerca del?|respecto (?:al?|del?)|alrededor del?|desde)"
_THEN = (
    r"(?: (?:ahora|actualmente|hoy|ayer|recientemente|últimamente|exactamente|esta semana|la semana pasada"
    r"|en los últimos días|hasta ahora))*"
)
_BREADTH = Breadth(
    opening=(
        r"(?:(?:hola|buenas|buenos días|hey|ok(?:ay)?|bueno|y|pero|entonces|oye|por favor|vale)\b[\s,!.:…–-]*"
        r"|(?:puedes|podrías|puede|podría|me puedes|me podrías) (?:decirme (?=qu|c)|contarme (?=qu|c))?"
        r"|(?:quiero|quisiera|me gustaría) (?:saber )?|¿?sabes (?=qu|c)|dime (?=qu|c))+"
    ),
    ending=r"[\s,]+(?:por favor|porfa|gracias|en resumen|exactamente|en pocas palabras)",
    frames=(
        rf"qué (?:pasó|pasa|ha pasado|está pasando|ocurrió|ocurre|ha ocurrido|sucedió|sucede|ha sucedido"
        rf"|hubo){_THEN} {_ON} (?P<topic>.+)",
        rf"qué (?:hay|tenemos) (?:de nuevo|de noticias){_THEN} {_ON} (?P<topic>.+)",
        rf"(?:cuáles son|cuál es|qué hay de|qué son) {_NEWS}{_THEN} {_ON} (?P<topic>.+)",
        rf"qué (?:noticias|novedades) (?:hay|tenemos|tienes){_THEN} {_ON} (?P<topic>.+)",
        r"cómo (?:va|van|sigue|siguen|avanza|avanzan|marcha|marchan) (?:lo de |todo (?:en|con) "
        r"|la situación (?:en|de|del|con) |las cosas (?:en|con) )?(?P<topic>.+)",
        r"cómo está (?:la situación|todo|la cosa) (?:en|de|del|con) (?P<topic>.+)",
        r"en qué (?:está|están|quedó|va|estado está|punto está) (?P<topic>.+)",
        rf"(?:hay|tienes|tenemos|alguna?) (?:algo nuevo|alguna?s? (?:noticias?|novedad(?:es)?)|{_NEWS}"
        rf"|algo){_THEN} {_ON} (?P<topic>.+)",
        rf"algo nuevo{_THEN} {_ON} (?P<topic>.+)",
        rf"qué (?:se sabe|sabemos|sabes|hay que saber|debo saber){_THEN} (?:sobre|de|del|acerca del?) (?P<topic>.+)",
        r"(?:háblame|hábleme|cuéntame|cuénteme|dime|infórmame) (?:algo |más |todo |lo último |lo que sabes )?(?:de"
        r"|del|sobre|acerca del?) (?P<topic>.+)",
        r"(?:explíca(?:me|nos)?|explica|resume|resúme(?:me|nos)?) (?P<topic>.+)",
        rf"(?:(?:dame|hazme|danos|muéstrame) )?(?:un |el )?(?:breve |pequeño )?(?:resumen|repaso|panorama"
        rf"|informe) {_ON} (?P<topic>.+)",
        rf"(?:(?:dame|muéstrame|danos) )?{_NEWS}{_THEN} {_ON} (?P<topic>.+)",
        r"por qué (?:todo el mundo|todos|la gente) (?:está )?(?:habla|hablan|hablando) (?:tanto )?(?:de|del"
        r"|sobre) (?P<topic>.+)",
        r"por qué (?:está|es) (?:noticia (?P<topic>.+))",
        r"(?:y )?qué (?:pasa|hay|tal) (?:con|de|del) (?P<topic>.+)",
    ),
    news=(
        r"\b(?:nuevo|noticias?|novedad(?:es)?|último|últimas|titulares|resum\w+|repaso|panorama"
        r"|cómo (?:va|van|sigue|siguen))\b"
    ),
    marked=(
        r"(?:^(?:las )?(?:últimas )?(?:noticias|novedades|titulares)(?: *: *| )(?!(?:de|del|sobre|en)\b)"
        r"|[\s,:–-]+(?:noticias|novedades|resumen|en directo|hoy)$)"
    ),
    lately=r"ahora|actualmente|recientemente|últimamente|exactamente|hasta ahora|de momento|en estos momentos",
    leaning=(
        r"(?:él|ella|ellos|ellas|eso|esto|ello|aquello|ti|mí|tú|nosotros|ustedes|vosotros)\b"
        r"|(?:su|sus|mi|mis|tu|tus|nuestr[oa]s?) |(?:este|esta|estos|estas|ese|esa|esos|esas) "
    ),
    everything=words(
        """noticias noticia novedades novedad titulares mundo día hoy semana mes año tema temas resumen panorama
        situación cosas política deporte artículo nuevo último todo"""
    ),
    facts=(
        r"(?:(?:el|la|los|las|un|una) )?(?:precios?|coste|costo|tasa|tipo|marcador|número|cifras?|resultados?|edad"
        r"|fecha|ganador(?:es|a)?|población|temperatura|tiempo|clima|altura|longitud|tamaño|salario|sueldo|valor"
        r"|porcentaje|parte|nombre|dirección|capital|causas?|razón|razones|motivo|definición|significado|esposa"
        r"|marido|hora|clasificación|monto|cantidad)(?: (?:de|del)\b|$)"
    ),
    verbs=(
        r"(?:es|son|está|están|ha|han|fue|era|será|va|van|dice|dijo|quiere|gana|ganó|pierde|muere|murió|dimite"
        r"|dimitió|anuncia|hace|debe|puede|hola|gracias|prueba|ayuda|traduce|compara|escribe|calcula|lista|dame"
        r"|muestra|juega|canta|no|sí|soy|eres)"
    ),
    glue=words("el la los las un una unos unas de del en al a y o sobre por para contra con entre bajo"),
)

_WANTING = Wanting(
    means={
        **dict.fromkeys(("quién", "quiénes", "quien", "quienes"), "who"),
        **dict.fromkeys(("dónde", "adónde"), "where"),
        "cuándo": "when",
        **dict.fromkeys(("por qué",), "why"),
        **dict.fromkeys(("cuál", "cuáles"), "which"),
        "qué": "what",
        **dict.fromkeys(("cuánto", "cuánta", "cuántos", "cuántas"), "how many"),
        r"cómo se (?:llama|llaman|llamaba)": "what",
        "cómo": "how",
    },
    saying=(
        r"\b(?:dijo|dice|dicen|dicho|decir|declaró|afirm\w+|piensa|piensan|opina\w*|hizo|hace|hacer|propuso|propone"
        r"|pide|pidió|reaccion\w+|pasó|pasa|pasado|ocurrió|sucedió|significa|quiere|quieren|anunci\w+|explic\w+)\b"
    ),
    types={
        "country": r"país(?:es)?|naci[oó]n(?:es)?",
        "state": r"estado|comunidad autónoma|región|departamento",
        "city": r"ciudad(?:es)?|capital|municipio|pueblo",
        "spot": r"parque|isla|museo|universidad|escuela|río|lago|aeropuerto|estadio|región|continente|provincia|lugar"
        r"|zona|sitio",
        "body": r"empresas?|compañías?|cadena|marca|banco|agencia|organización|grupo|partido|fabricante|servicio"
        r"|periódico|tribunal|comité|aerolínea|ministerio|institución",
        "team": r"equipo|club|selección",
        "work": r"película|serie|canción|álbum|disco|libro|juego|novela|obra|titulad[oa]|llamad[oa]|título",
        "human": r"actor|actriz|cantante|president[ea]|jugador(?:a|es)?|estrella|atleta|líder|polític[oa]|ministr[oa]"
        r"|artista|entrenador|candidat[oa]|músico|rey|reina|autora?|juez|persona|hombre|mujer|diputad[oa]|jefe"
        r"|piloto",
        "money": r"cuánto|precio|coste|costo|multa|salario|cantidad|suma",
        "share": r"porcentaje|por ciento|proporción|tasa",
        "age": r"edad|cuántos años|años",
        "several": r"dos|tres|países|empresas|ciudades|jugadores|equipos",
    },
    units=words(
        """año años mes meses semana semanas día días hora horas minuto minutos segundo segundos kilómetro kilómetros
        km metro metros hectáreas grados por ciento centavos céntimos euro euros dólar dólares libras toneladas
        tonelada kilos kilogramos litros veces votos puntos personas"""
    ),
    scales=words("cien cientos mil miles millón millones billones por ciento"),
    reasons=r"porque|debido al?|a causa del?|por culpa del?|gracias al?|ya que|puesto que|para que|por|tras|después de",
    inside_names=words("de del la las los el y van von der bin al"),
    near={
        "place": words("en cerca desde"),
        "of": words("de del"),
        "by": words("por"),
        "to": words("a al hacia"),
        "the": words("el la los las"),
        "act": words("es fue era ha será dijo ganó"),
    },
)

PHRASING = Phrasing(
    of_now=(
        rf"\b(?:ahora|hoy|mañana|ayer|anteayer|anoche|actualmente|actual(?:es)?|recientes?|recientemente|últimamente"
        rf"|pronto|próxim[oa]s?|este|esta|estos|estas|(?:últim[oa]s?|próxim[oa]s?|pasad[oa]s?) (?:\w+ )?(?:noches?"
        rf"|días?|semanas?|mes(?:es)?|temporadas?|años?)|(?:noche|día|semana|fin de semana|mes|temporada"
        rf"|año) (?:pasad[oa]|próxim[oa])|hace (?:\w+ )?(?:horas?|días?|semanas?|mes(?:es)?|años?)"
        rf"|{'|'.join(WEEKDAYS)})\b"
    ),
    mark="¿{}?",
    reporting=_REPORTING,
    leaning=_LEANING,
    breadth=_BREADTH,
    wanting=_WANTING,
)
