"""French: months and days are written small, and elided words stand before an apostrophe."""

from retrieval.text.languages.anaphora import Anaphora
from retrieval.text.languages.french_questions import PHRASING
from retrieval.text.languages.french_times import MONTHS, SHORT_MONTHS, TIMES, WEEKDAYS
from retrieval.text.languages.language import Language
from retrieval.text.languages.word_lists import words

_QUESTION_WORDS = words(
    """qui que quoi quel quelle quels quelles où quand pourquoi comment combien lequel laquelle lesquels lesquelles
    qu dont auquel duquel"""
)

_TOLD_BEFORE = """
    homme femme hommes femmes garçon fille enfant enfants couple groupe décision mesure mesures incident accord loi
    projet rapport étude enquête sondage résultat entreprise société suspect suspects victime victimes attaque annonce
    déclaration communiqué document vidéo lettre affaire verdict plan programme proposition étape conducteur voiture
    avion bâtiment acteur actrice chanteur chanteuse entraîneur problème idée critique accusations plainte procès
    accident incendie feu tempête explosion film livre match victoire réunion visite grève manifestation vote reste
    auteur avocat avocate élu élue porte-parole deux
"""
_ANAPHORA = Anaphora(
    points_back=(
        r"(?:il (?!y a|faut|s['’]agit|reste|est (?:prévu|possible|interdit)|neige|pleut)|elle|ils|elles|lui|leurs?"
        r"|son|sa|ses|ce (?:dernier|n['’]est|sont|qui|que)"
        r"|(?:cet(?:te)?|ces)(?! (?:semaine|année|nuit|fois|saison|été|hiver|après-midi|derniers jours))|celui-ci"
        r"|celle-ci|ceux-ci|celles-ci|cela|ça|c['’]est|c['’]était|mais|et|ou|or|donc|car|puis|ensuite|alors(?! qu)"
        r"|ainsi(?! que)|aussi|cependant|pourtant|toutefois|néanmoins|enfin|par ailleurs|en outre|de plus(?! en)"
        r"|en effet|en revanche|au contraire|par exemple|en conséquence|dans le même temps|entre-temps|auparavant"
        r"|d['’]ailleurs|de son côté|pour sa part|quant à|tous deux|toutes deux"
        r"|(?:deux|trois|quelques) (?:jours|heures|semaines|mois|ans) (?:plus tard|après|auparavant))(?!\w)"
    ),
    told_before=(
        rf"(?:le |la |les |l['’])(?P<noun>{'|'.join(_TOLD_BEFORE.split())})\b(?! (?:d[eu]s?|sur|pour|contre|entre"
        rf"|qui|que|dont|où|à|au|aux|en|dans|chez|avec|(?-i:[A-ZÀ-Þ])\w+)\b| d['’]|-)"
    ),
    nobody=(
        r"(?:-t-|-)(?:il|elle|ils|elles)\b|\b(?:a|ont) (?:ajouté|déclaré|affirmé) (?:il|elle)\b"
        r"|^(?:quand|lorsqu['’]|alors qu['’]|après qu['’]|parce qu['’]|bien qu['’]) ?(?:il|elle|ils|elles)\b"
    ),
    its_page=(
        r"\b(?:newsletter|abonnez-vous|s['’]abonner|cliquez|lire aussi|lisez aussi|à lire|suivez-nous"
        r"|cet article (?:est|a été)|inscrivez-vous|cookies|crédit photo|photo :|avec afp|ce que l['’]on sait"
        r"|en direct :)"
    ),
)

FRENCH = Language(
    code="fr",
    stop_words=_QUESTION_WORDS
    | words(
        """appelle appelait appellent nomme nomment exemple notamment a à ai ainsi ait alors au aucun aucune auprès
        aura aurait aussi autre autres aux avait avaient avant avec avoir ayant c ça car ce ceci cela celle celles
        celui ces cet cette ceux chaque chez ci comme contre d dans de depuis des deux du elle elles en encore
        entre es est et étaient était étant été être eu eux fait faire font fois furent fut hors ici il ils j je
        jusqu jusque l la là le les leur leurs lors lorsque lui m ma mais me même mêmes mes moi moins mon n ne ni
        non nos notre nous on ont ou par parce parmi pas pendant peu peut peuvent plus pour près puis s sa sans se
        sera serait ses si sien soi soit son sont sous sur t ta te tel telle tes toi ton tous tout toute toutes
        très trop tu un une va vers voici voilà vos votre vous y dit dire disent donc dès après quelque quelques
        lorsqu puisque puisqu quoique selon"""
    ),
    capitals_tell_names=True,
    months=MONTHS,
    short_months=SHORT_MONTHS,
    weekdays=WEEKDAYS,
    times=TIMES,
    phrasing=PHRASING,
    anaphora=_ANAPHORA,
    numbers=words(
        """deux trois quatre cinq six sept huit neuf dix onze douze vingt cent cents mille dizaine dizaines douzaine
        centaine centaines milliers moitié tiers quart"""
    ),
    scales=r"pour cent|pourcent|millions?|milliards?|euros?|dollars?",
    speech=words(
        """dit déclaré annoncé affirmé expliqué estimé assuré ajouté prévenu indiqué précisé souligné écrit confié
        dénoncé rappelé soutenu raconté reconnu averti accusé promis jugé affirme estime explique déclare annonce
        assure ajoute indique"""
    ),
    speech_pattern=r"\b(?:selon|d['’]après)\b",
    reasons=words("car afin raison cause causes puisque suite après depuis donc faute grâce"),
    reason_pattern=r"\b(?:parce qu|à cause d|en raison d|grâce à|à la suite d|pour que|afin d|en vue d|dû à|due à)",
    referring=r"il|elle|ils|elles|ce|cela|ceci|c['’]est|ces|cette|cet|son|sa|ses|leur|leurs|mais|et|or|celui-ci|"
    r"celle-ci|ceux-ci",
    openers=words(
        """le la les un une des du de au aux en dans sur pour par avec sans sous et ou mais donc or ni car si quand
        comme lorsque après avant depuis pendant selon il elle ils elles on nous vous je ce cet cette ces cela son
        sa ses leur leurs notre nos qui que quoi où pourquoi comment combien plus moins tous toutes tout certains
        plusieurs deux trois ainsi alors aussi enfin puis hier aujourd demain face malgré même à d l c s n j qu"""
    ),
    shortened=words("mm mme mmes mlle mlles mgr me dr pr st ste env cf av bd éd vol chap j-ph j-p"),
    shortened_before_numbers=words("art al no nos p pp n fig chap vol"),
    asks={
        "person": r"\bqui\b|\bquel(?:le)?s? (?:\w+ ){0,2}(?:président|ministre|joueur|acteur|actrice|chanteu|auteur|"
        r"dirigeant|entraîneur|personne|homme|femme|juge|artiste|député|athlète)",
        "place": r"\boù\b|\b(?:dans |de |en )?quel(?:le)?s? (?:\w+ ){0,2}(?:pays|ville|région|état|lieu|île|continent|"
        r"fleuve|endroit|province|mer|zone)",
        "number": r"\bcombien\b|\bquel(?:le)?s? (?:\w+ ){0,2}(?:pourcentage|nombre|montant|prix|part|taux|âge|somme|"
        r"taille|proportion|hauteur|distance)",
        "date": r"\bquand\b|\bquel(?:le)?s? (?:\w+ )?(?:année|mois|jour|date|siècle|décennie|période|époque)",
        "reason": r"\bpourquoi\b|\bpour quelles? raisons?\b|\bqu['’]est-ce qui a (?:causé|provoqué)",
        "speech": r"\b(?:dit|dire|déclaré|affirme|affirmé|pense|estime|estimé|réagi|réagit|annoncé|accuse|propose|"
        r"réclame|position)\b",
    },
    question_words=_QUESTION_WORDS,
)
