"""How French asks."""

from __future__ import annotations

from retrieval.text.languages.french_times import WEEKDAYS
from retrieval.text.languages.questions import NAME, Breadth, Leaning, Phrasing, Reporting, Wanting
from retrieval.text.languages.word_lists import words

_REPORTING = Reporting(
    reported=(
        rf"\b(?:selon|d['’]après) {NAME}",
        rf"\b(?:articles?|reportages?|informations?|nouvelles|titres|une) (?:de|du|dans) {NAME}",
        rf"\b(?:écrit|écrivent|rapporte|rapportent|publie|titre|révèle"
        rf"|a (?:écrit|rapporté|publié|titré|révélé)) {NAME}",
        rf"\b(?:publiée?s?|paru(?:e|s|es)?|rapportée?s?) (?:par|dans) {NAME}",
    ),
    said=(rf"\b(?:dit|disent|raconte|affirme|a dit) {NAME}",),
    ends=(
        r"sur|de|du|des|d['’]\w+|à|au|aux|que|qu['’]\w+|est|sont|a|ont|était|sera|dans|en|depuis|hier|aujourd['’]hui"
        r"|ce|cette|pour|contre|avec|concernant|lors|le|la|les|un|une|il|elle|qui|où|quand|combien|pourquoi|comment"
    ),
    ordinary=words("monde figaro point croix parisien express progrès temps soir devoir"),
)

_PRONOUN = r"(?:il|elle|ils|elles)"
_AUXILIARY = r"(?:a|ont|avait|avaient|est|sont|va|vont|veut|veulent|fait|font)"
_LEANING = Leaning(
    opening=r"(?:(?:et|mais|alors|donc|puis|ok(?:ay)?|bon|oui)\b[\s,…-]*)+",
    more=(
        r"(?:dis|dites|raconte)[\s-](?:m['’]|moi )?en (?:moi )?plus|dis-m['’]en plus"
        r"|(?:en )?(?:savoir )?plus(?: (?:là-dessus|à ce sujet|s['’]il (?:te|vous) pla[iî]t))?|continuez?|encore"
    ),
    bare=(
        r"(?:qui|quoi|où|comment) d['’]autre|(?:pourquoi|quand|où|qui|comment|combien|lequel"
        r"|laquelle)(?: (?:ça|cela|pas|exactement|donc|maintenant|alors))?|(?:depuis|jusqu['’]à|à partir de) quand"
        r"|(?:avec|pour|contre|par|chez|à|de) (?:qui|quoi)|combien de \w+(?: \w+)?|de combien"
        r"|quoi (?:d['’]autre|exactement|ensuite)|c['’](?:est|était) (?:quand|où|qui|vrai|sûr)|est-ce vrai"
        r"|quand (?:était|est)-ce|que s['’]est-il passé (?:ensuite|après)|pour quelle raison"
    ),
    what_about=r"(?:qu['’]en est-il|quid|que dire|qu['’]est-ce qui se passe avec|et) (?:d(?:e |u |es |['’])|pour )?",
    pointing=(
        r"\b(?:(?:ça|cela|ceci|là-bas|là-dessus|là-dedans|en)$|y \w+"
        r"|en (?:dit|disent|pense|pensent|est|sont)(?:-\w+)*$|(?:ça|cela) |(?:qu['’]|l['’])en \w+)"
    ),
    pronouns=(
        (rf"^(qu['’])(a|ont|avait|avaient)-(?:t-)?{_PRONOUN} (\w+)", r"\1\2 \3 {name}"),
        (rf"^(que \w+)-(?:t-)?{_PRONOUN}\b", r"\1 {name}"),
        (rf"\b((?:\w+-)?\w+-(?:t-)?{_PRONOUN})\b", r"{name} \1"),
        (rf"\bqu['’]{_PRONOUN}\b", "que {name}"),
        (rf"\b{_PRONOUN}\b", "{name}"),
        (r"\b(?:lui|eux)$", "{name}"),
    ),
    subjects=(
        rf"^qu['’]{_AUXILIARY} \w+ (?P<name>[^\s,]+(?: [^\s,]+){{0,3}}?)(?= (?:sur|de|du|des|à|au|aux|contre|pour"
        rf"|dans|en|depuis|hier|le \d)\b|$)",
        r"^que (?:dit|disent|veut|veulent|fait|font|pense|pensent|propose|demande|demandent|réclame"
        r"|prévoit) (?P<name>[^\s,]+(?: [^\s,]+){0,3}?)(?= (?:sur|de|du|des|à|au|aux|contre|pour|dans|en|depuis)\b"
        r"|$)",
        r"^(?:qu['’]est-ce que|pourquoi|quand|où|comment|combien(?: de \w+)?) (?P<name>[^\s,]+(?: [^\s,]+){0,3}?) "
        r"(?:a|ont|avait|est|sont|va|veut|dit|pense)(?:-| )",
        r"^qui (?:est|était|sont) (?P<name>[^,]+)$",
    ),
    objects=r"sur|contre|avec|pour|en|au|aux|à|dans|de|du|chez|envers|vers",
    determiners=words("le la les un une des du cette ces son sa ses leur leurs notre votre mon ma"),
    joined="et",
    onward=(
        r"(?:que s['’]est-il passé |qu['’]est-ce qui (?:s['’]est passé|a changé) |quoi de (?:neuf|nouveau) "
        r"|du nouveau )?depuis(?: (?:lors|ce temps|ça|cela))?|quoi de (?:neuf|nouveau)(?: (?:là-dessus|à ce sujet))?"
        r"|(?:y a-t-il |il y a )?(?:du (?:nouveau|neuf)|des (?:nouvelles|nouveautés))(?: (?:là-dessus|à ce sujet))?"
        r"|où en (?:est-on|sommes-nous|sont les choses)(?: maintenant)?|(?:les )?dernières nouvelles|entre-temps"
        r"|(?:et )?après (?:ça|cela)"
    ),
    now=r"(?:et )?(?:maintenant|aujourd['’]hui|à présent)",
    latest="Quoi de neuf côté {bare}",
    since=" depuis le {day}",
    thanks=words(
        "beaucoup bien mille très merci super cool oui non ok d accord parfait génial salut bonjour bonsoir stp svp"
    ),
)

_NEWS = (
    r"(?:(?:les |des |la )?(?:dernières? |récentes? )?(?:nouvelles|infos?|informations?|actualités?|actus?"
    r"|nouveautés|évolutions|avancées|situation)(?: récentes)?|(?:du )?(?:nouveau|neuf))"
)
_ON = (
    r"(?:sur|côté|de la|de l['’]|de|du|des|à la|à l['’]|à|au|aux|en|dans|avec|autour de|autour du|concernant"
    r"|à propos de|à propos du|chez)"
)
_THEN = (
    r"(?: (?:maintenant|actuellement|aujourd['’]hui|hier|en ce moment|récemment|exactement|donc|cette semaine"
    r"|la semaine dernière|ces derniers jours))*"
)
_BREADTH = Breadth(
    opening=(
        r"(?:(?:bonjour|salut|bonsoir|hey|ok(?:ay)?|alors|donc|et|mais|bon|dis|svp|stp)\b[\s,!.:…–-]*"
        r"|(?:peux-tu|pouvez-vous|pourrais-tu|pourriez-vous|tu peux|vous pouvez) (?:me |nous )?(?:dire (?=c|qu|o))?"
        r"|je (?:veux|voudrais|souhaite|souhaiterais) (?:savoir )?|sais-tu |savez-vous "
        r"|est-ce que tu peux (?:me )?(?:dire )?)+"
    ),
    ending=r"[\s,]+(?:s['’]il (?:te|vous) pla[iî]t|stp|svp|merci|en bref|exactement|donc|au juste|en quelques mots)",
    frames=(
        rf"(?:que s['’]est[ -]il passé|qu['’]est[ -]ce qui s['’]est passé|que se passe[ -]t[ -]il"
        rf"|qu['’]est[ -]ce qui se passe|ce qui (?:s['’]est passé|se passe)|(?:il )?s['’]est passé quoi"
        rf"|qu['’]est-il arrivé|qu['’]arrive-t-il){_THEN} {_ON}(?: |(?<=['’]))(?P<topic>.+)",
        rf"(?:quoi de (?:neuf|nouveau)|c['’]est quoi {_NEWS}|qu['’]y a-t-il de (?:neuf|nouveau)"
        rf"|quelles sont (?:les )?{_NEWS}|quelle est (?:la )?{_NEWS}){_THEN} {_ON}(?: |(?<=['’]))(?P<topic>.+)",
        rf"où en (?:est|sont|est-on|sommes-nous)(?: avec| dans| sur)?{_THEN} (?P<topic>.+)",
        r"comment (?:va|vont|se passe|se passent|évolue|évoluent|avance|avancent) (?P<topic>.+)",
        r"quel est (?:l['’]état|le point) (?:de la|de l['’]|de|du|des|sur)(?: |(?<=['’]))(?P<topic>.+)",
        rf"(?:y a-t-il|il y a|as-tu|avez-vous|tu as) (?:du|des|de )? ?{_NEWS}{_THEN} {_ON}(?: |(?<=['’]))(?P<topic>.+)",
        rf"que (?:sait-on|savons-nous|sais-tu|savez-vous|faut-il savoir|doit-on savoir){_THEN} (?:de la|de l['’]|de"
        rf"|du|des|sur|à propos de)(?: |(?<=['’]))(?P<topic>.+)",
        rf"qu['’]est[ -]ce qu(?:['’]on sait|e l['’]on sait|e tu sais|e vous savez){_THEN} (?:de la|de l['’]|de|du"
        rf"|des|sur)(?: |(?<=['’]))(?P<topic>.+)",
        r"(?:parle|parlez)(?:-moi|-nous)? (?:un peu |plus )?(?:de la|de l['’]|de|du|des)(?: |(?<=['’]))(?P<topic>.+)",
        r"(?:dis|dites|raconte|racontez)(?:-moi|-nous)? (?:en plus |tout |ce que tu sais |quelque chose )?(?:sur"
        r"|à propos d[eu]) (?P<topic>.+)",
        r"(?:explique|expliquez|résume|résumez)(?:r)?(?:-moi|-nous)? (?P<topic>.+)",
        rf"(?:(?:fais|faites|donne|donnez|montre|montrez)(?:-moi|-nous)? )?(?:un |le )?(?:petit |bref "
        rf"|court )?(?:résumé|point|aperçu|récapitulatif|bilan) {_ON}(?: |(?<=['’]))(?P<topic>.+)",
        rf"(?:(?:donne|donnez|montre|montrez)(?:-moi|-nous)? )?{_NEWS}{_THEN} {_ON}(?: |(?<=['’]))(?P<topic>.+)",
        r"pourquoi (?:tout le monde parle|parle-t-on|on parle)(?:-t-il)? (?:autant |tant )?(?:de la|de l['’]|de|du"
        r"|des)(?: |(?<=['’]))(?P<topic>.+)",
        r"(?:et )?qu['’]en est-il (?:de la|de l['’]|de|du|des)(?: |(?<=['’]))(?P<topic>.+)",
        r"quid (?:de la|de l['’]|de|du|des)(?: |(?<=['’]))(?P<topic>.+)",
    ),
    news=r"\b(?:neuf|nouveau|nouvelles|infos?|actualités?|actus?|résum\w+|bilan|où en)\b",
    marked=(
        r"(?:^(?:les )?(?:dernières )?(?:nouvelles|infos?|actualités?|actus?)(?: *: *"
        r"| )(?!(?:de|du|des|sur|en|au|aux|à)\b|d['’])|[\s,:–-]+(?:actu(?:alité)?s?|infos?|résumé|en direct"
        r"|nouvelles)$)"
    ),
    lately=r"maintenant|actuellement|en ce moment|récemment|exactement|dernièrement|à présent|pour l['’]instant",
    leaning=(
        r"(?:il|elle|ils|elles|lui|eux|ça|cela|ceci|toi|moi|nous|vous|toi-même|ce|cette|ces|celui|celle|ceux)\b"
        r"|(?:son|sa|ses|leur|leurs|mon|ma|mes|ton|ta|tes|notre|votre|vos|nos) "
    ),
    everything=words(
        """nouvelles nouvelle infos info actualité actualités actu actus monde jour aujourd hui semaine mois année
        sujet résumé point bilan situation choses politique sport article articles plus neuf nouveau"""
    ),
    facts=(
        r"(?:(?:le|la|les|un|une) |l['’])?(?:prix|coût|cours|taux|score|nombre|chiffres?|résultats?|âge|date|gagnant"
        r"|vainqueur|population|température|météo|temps|hauteur|longueur|taille|salaire|valeur|pourcentage|part|nom"
        r"|adresse|capitale|cause|causes|raisons?|définition|sens|femme|mari|heure|classement"
        r"|montant)(?: (?:d[eu]|des|d['’])| ?d['’]|$)|météo\b"
    ),
    verbs=(
        r"(?:est|sont|a|ont|était|sera|va|vont|dit|disent|veut|gagne|perd|meurt|démissionne|annonce|fait|doit|peut"
        r"|sait|bonjour|salut|merci|test|aide|traduis|compare|écris|calcule|liste|donne|montre|joue|chante|pas|non"
        r"|oui|bonsoir|suis|es)"
    ),
    glue=words("le la les un une des du de d l en au aux à et ou sur pour contre dans avec entre sous chez"),
)

_WANTING = Wanting(
    means={
        "qui": "who",
        **dict.fromkeys(("où",), "where"),
        "quand": "when",
        "pourquoi": "why",
        **dict.fromkeys(
            ("quel", "quelle", "quels", "quelles", "lequel", "laquelle", "lesquels", "lesquelles"), "which"
        ),
        **dict.fromkeys(("que", "qu", "quoi"), "what"),
        "combien": "how many",
        r"comment s['’](?:appelle|appellent|appelait)": "what",
        "comment": "how",
    },
    saying=(
        r"\b(?:dit|dire|disent|déclaré|affirm\w+|pens\w+|fait|faire|font|propos\w+|réclam\w+|réagi\w*|passé|passe"
        r"|arrivé|signifie|veut|veulent|demand\w+|estim\w+|reproch\w+|annonc\w+)\b"
    ),
    types={
        "country": r"pays|nations?|états?",
        "state": r"région|département|état|canton",
        "city": r"villes?|capitale|commune",
        "spot": r"parc|île|musée|université|école|rivière|fleuve|lac|aéroport|stade|région|continent|province|lieu"
        r"|endroit|zone",
        "body": r"entreprises?|société|chaîne|marque|banque|agence|organisation|groupe|parti|constructeur|service"
        r"|journal|tribunal|comité|compagnie|ministère|institution",
        "team": r"équipe|club",
        "work": r"film|série|chanson|album|livre|jeu|roman|pièce|intitulée?|appelée?|titre",
        "human": r"acteur|actrice|chanteu(?:r|se)|présidente?|joueu(?:r|se)s?|star|athlète|dirigeante?|ministre"
        r"|artiste|entraîneur|candidate?|musicien(?:ne)?|roi|reine|auteure?|juge|personne|homme|femme|député|chef"
        r"|pilote",
        "money": r"combien|prix|coût|amende|salaire|montant|somme",
        "share": r"pourcentage|pour cent|part|taux",
        "age": r"âge|combien d['’]années|ans",
        "several": r"deux|trois|pays|entreprises|villes|joueurs|équipes",
    },
    units=words(
        """an ans année années mois semaine semaines jour jours heure heures minute minutes seconde secondes kilomètre
        kilomètres km mètre mètres hectares degrés pour cent centimes euro euros dollar dollars livres tonnes tonne
        kilos kilogrammes litres fois voix points personnes"""
    ),
    scales=words("cent cents mille million millions milliard milliards billions pour"),
    reasons=(
        r"parce que|car|à cause d(?:e|u|es)|en raison d(?:e|u|es)|grâce (?:à|au|aux)|faute de|afin de|pour|après"
        r"|suite à"
    ),
    inside_names=words("de du des la le les d l et van von der bin al"),
    near={
        "place": words("en à au aux dans près chez"),
        "of": words("de du des d"),
        "by": words("par"),
        "to": words("à au aux vers"),
        "the": words("le la les"),
        "act": words("a est était sera dit fut"),
    },
)

PHRASING = Phrasing(
    of_now=(
        rf"\b(?:maintenant|aujourd['’]hui|demain|hier|avant-hier|actuellement|actuel(?:le)?s?|récent(?:e|s|es)?"
        rf"|récemment|derni[eè]rement|bientôt|prochaine?s?|en ce moment|pour l['’]instant|ce|cet|cette|ces"
        rf"|(?:derni[eè]re?s?|prochaine?s?|passée?s?) (?:nuit|jours?|semaines?|mois|saisons?|années?|ans?)"
        rf"|(?:nuit|jours?|semaine|week-end|mois|saison|année|an) (?:derni[eè]re?|prochaine?|passée?)"
        rf"|il y a (?:\w+ )?(?:heures?|jours?|semaines?|mois|ans?|années?)|{'|'.join(WEEKDAYS)})\b"
    ),
    mark="{} ?",
    elided=r"(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu)['’](?=\w)",
    reporting=_REPORTING,
    leaning=_LEANING,
    breadth=_BREADTH,
    wanting=_WANTING,
)
