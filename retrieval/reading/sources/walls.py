"""Pages that are served in place of an article: a consent wall, a robot check, "not found", all with status 200.

None of their signs is enough: there are articles about cookies, and a short one may begin with "Not found". A page is
taken for a wall if it is short, and its headline is one of the known forms, or its text has several of the phrases with
which a site speaks to its visitor, in the languages in which Quotewire is spoken and some more.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from retrieval.reading.sources.wall_words import CONSENT, ERRORS, MISSING, REGION, ROBOTS, SUBSCRIPTION, Words
from retrieval.reasons import Reason

CONSENT_FIRST = Reason("asks for consent first")
CHECKS = Reason("checks for robots first")
SUBSCRIPTION_FIRST = Reason("asks for a log-in or a subscription")

MOST_WORDS = 220
"""A page of more words is no wall: nobody reads those."""

_TITLED_WORDS = 120  # at most, under a headline that is a known form, where the text has none


class NoArticleText(ValueError):
    """The page is none of an article: a list of links, a form, a picture."""


class PageIsWall(NoArticleText):
    """The page stands in the place of an article, which may well be there."""


class PageIsList(NoArticleText):
    """The page lists other pages: a section's front."""


def not_the_article(does: str) -> Reason:
    """What is said of a page that `does` something else."""
    return Reason("is not the article: it {does}", does=does)


@dataclass(frozen=True, slots=True)
class _Kind:
    """One kind of wall: what it does, how it is headed, and what it says."""

    does: str
    headed: re.Pattern[str]
    says: tuple[re.Pattern[str], ...]


def _kind(does: str, abroad: Sequence[Words], headed: str, *says: str) -> _Kind:
    (headlines, unspaced), *phrases = abroad
    return _Kind(
        does=does,
        headed=re.compile(rf"\W*(?:{_joined(headed)}|{_joined(headlines)}|{_joined(unspaced)})\W*", re.IGNORECASE),
        says=tuple(
            re.compile(rf"\b(?:{_joined(each)}|{_joined(words)})|{_joined(unspaced)}", re.IGNORECASE)
            for each, (words, unspaced) in zip(says, phrases, strict=True)
        ),
    )


def _joined(lines: str) -> str:
    return re.sub(r"\s*\n\s*", "", lines.strip())


_KINDS = (
    _kind(
        CONSENT_FIRST,
        CONSENT,
        r"""
        (?:we (?:value|respect|care about) )?your (?:privacy|data)(?: (?:choices|matters?|settings|
        is important to us))?|
        (?:cookie|privacy|consent|datenschutz|cookie[- ]?)[- ]?(?:settings|consent|notice|preferences|choices|
        wall|einstellungen|hinweise?|zustimmung)|
        cookies?|before you (?:go on|continue)|(?:manage|your) (?:consent|cookies)|
        (?:wir schätzen )?ihre privatsphäre(?: ist uns wichtig)?|datenschutz(?:einstellungen)?|
        mit werbung weiterlesen|(?:nous respectons )?votre vie privée(?: est importante)?|gestion des cookies|
        continuer sans accepter|(?:valoramos |respetamos )?(?:tu|su) privacidad|configuración de cookies|
        la tua privacy|uw privacy|wij (?:waarderen|respecteren) (?:uw|je) privacy|(?:a )?sua privacidade|
        twoja prywatność|consent required
        """,
        r"""
        (?:our|we and our|trusted|\d+) (?:\d+ )?(?:advertising |trusted )?(?:partners|vendors)|
        (?:und|mit) unsere[n]? (?:\d+ )?partner|(?:et )?nos (?:\d+ )?partenaires|(?:y )?nuestros (?:\d+ )?socios|
        i nostri (?:\d+ )?partner|onze (?:\d+ )?partners|nossos (?:\d+ )?parceiros
        """,
        r"""
        (?:information|data) on (?:your|a) device|auf (?:ihrem|einem) (?:end)?gerät|
        sur votre (?:appareil|terminal)|en (?:su|tu) dispositivo|sul (?:tuo )?dispositivo|
        op (?:uw|je|een) apparaat|no seu dispositivo
        """,
        r"""
        (?:accept|allow|reject|agree to) (?:all|cookies|and (?:close|continue))|
        with your (?:consent|permission|agreement)|you can (?:withdraw|change|manage|agree|object|refuse)|
        (?:alle|cookies) akzeptieren|mit ihrer (?:zustimmung|einwilligung)|zustimmen|tout accepter|
        avec votre (?:accord|consentement)|aceptar|con su consentimiento|accetta(?:re)? tutti|alles accepteren|
        aceitar
        """,
        r"""
        personal data|such as cookies|use cookies|personenbezogene|cookies? (?:und|oder)|données personnelles|
        datos personales|dati personali|persoonsgegevens|dados pessoais
        """,
    ),
    _kind(
        CHECKS,
        ROBOTS,
        r"""
        just a moment|one moment,? please|attention required!?(?: \| cloudflare)?|
        security (?:check|verification|challenge)|(?:are you|you are not) (?:a )?(?:robot|human)|
        (?:verify|verifying|confirm) (?:that )?you are (?:a )?human|(?:bot|robot|human) (?:check|verification)|
        checking your browser|access (?:denied|to this page has been denied)|pardon our interruption|please wait|
        ddos protection|captcha|sicherheits(?:überprüfung|check)|einen moment(?: bitte)?|
        sind sie ein (?:mensch|roboter)|zugriff verweigert|vérification de sécurité|un instant|
        êtes-vous (?:humain|un robot)|accès refusé|verificación de seguridad|un momento|
        ¿?eres (?:humano|un robot)|acceso denegado|accesso negato|un attimo|toegang geweigerd
        """,
        r"""
        (?:verify|confirm|prove|make sure|check(?:ing)?) (?:that |if |whether )?you(?:’re|'re| are) (?:a |
        not a )?(?:human|robot|person)|
        not a (?:robot|bot)\b|kein roboter|pas un robot|no (?:eres|soy|es) un robot|geen robot
        """,
        r"""
        (?:enable|turn on|activate) (?:javascript|cookies)|javascript (?:and cookies|is (?:disabled|required))|
        aktivieren sie javascript|activez? javascript|activ[ae] javascript
        """,
        r"""
        unusual (?:traffic|activity)|automated (?:access|traffic|requests)|checking your browser|
        your browser (?:before|to)|ungewöhnliche[rn]? (?:aktivität|datenverkehr|zugriffe)|trafic inhabituel|
        tráfico inusual
        """,
        r"ray id|cloudflare|captcha|reference (?:id|#)|press (?:and|&) hold|completing the (?:security )?check",
    ),
    _kind(
        Reason("says that there is no such page"),
        MISSING,
        r"""
        (?:(?:error|fehler|erreur) )?404(?:\W+(?:error|page|not|seite|nicht|erreur|página|oops)\b.{0,40})?|
        (?:the )?page (?:not found|can(?:not|’t|'t) be found|does not exist|is (?:not available|gone|missing))|
        (?:not found|file not found|article not found|story not found|no longer available|
        nothing (?:was )?found(?: here)?)|
        oops\W.{0,40}|(?:we are |we’re |we're )?sorry(?:,? (?:but|we|this|the|that)\b.{0,40})?|
        (?:die )?seite (?:wurde )?nicht gefunden|
        seite existiert nicht|
        artikel nicht (?:gefunden|mehr verfügbar)|page (?:introuvable|non trouvée|inexistante)|
        página no encontrada|pagina non trovata|pagina niet gevonden|página não encontrada|
        strona nie (?:istnieje|została znaleziona)|sidan (?:kunde inte hittas|hittades inte)|
        siden (?:ble|blev) ikke funnet|sivua ei löytynyt
        """,
        r"""
        (?:page|article|story|content|link)(?: that)? you(?: are|’re|'re| were| have)? (?:looking for|requested|
        tried|followed)|
        (?:gesuchte|angeforderte|gewünschte)[nr]? (?:seite|artikel|inhalt)|
        page (?:que vous (?:cherchez|recherchez|demandez)|demandée)|página que (?:buscas?|busca|solicita)|
        pagina che (?:stai )?cerca|pagina die (?:u|je) zoekt|página que (?:você )?procura
        """,
        r"""
        (?:has|have|may have|might have) (?:been )?(?:moved|removed|deleted|expired)|(?:is )?not there any ?more|
        no longer (?:exists?|available)|does(?: not|n’t|n't) exist|
        nicht (?:mehr )?(?:vorhanden|verfügbar|gefunden)|gelöscht oder|verschoben|n['’]existe (?:plus|pas)|
        (?:a été|été) (?:déplacée?|supprimée?)|no existe|ha sido (?:movid|eliminad)|non esiste|bestaat niet|
        não existe
        """,
        r"""
        (?:go|back|return) to (?:the |our )?(?:front|home)[- ]?page|use the search|try (?:a |the )?search|
        check the (?:address|url|spelling)|zur startseite|nutzen sie die suche|page d['’]accueil|
        página (?:de inicio|principal|inicial)|alla home|naar de homepage
        """,
    ),
    _kind(
        SUBSCRIPTION_FIRST,
        SUBSCRIPTION,
        r"""
        (?:please )?(?:log|sign)[- ]?(?:in|on)(?: to .{1,40}| or .{1,40})?|login|
        subscribe(?: (?:now|to .{1,40}))?|(?:create|register) (?:an |your )?(?:free )?account.{0,40}|
        register to .{1,40}|subscribers? only|members only|
        (?:this|the) (?:article|story|content) is (?:for|reserved for|available to) (?:our )?(?:subscribers|
        members)(?: only)?|
        anmelden(?: und weiterlesen)?|(?:bitte )?(?:melden sie sich|loggen sie sich) .{1,30}|nur für abonnenten|
        jetzt (?:abonnieren|weiterlesen|registrieren)|
        (?:se connecter|connexion|connectez-vous.{0,40}|identifiez-vous)|(?:article )?réservé aux abonnés|
        abonnez-vous.{0,40}|inici(?:ar|a) sesión.{0,40}|solo para suscriptores|suscr[ií]bete.{0,40}|
        accedi.{0,40}|abbonati.{0,40}|inloggen.{0,40}|alleen voor abonnees|(?:fazer )?login|logga in
        """,
        r"""
        (?:for|to|only for) (?:our )?(?:subscribers|members)|
        (?:nur für|exklusiv für) (?:unsere )?(?:abonnent|mitglieder|lesermit)|
        réservé(?:e)? (?:à nos|aux) abonnés|para (?:nuestros )?suscriptores|per (?:i nostri )?abbonati|
        voor abonnees
        """,
        r"""
        (?:log|sign) in|already (?:a subscriber|have an account|registered)|
        your (?:e-?mail(?: address)?|account) and password|melden sie sich|einloggen|anmelden|
        bereits (?:abonnent|registriert|kunde)|connectez-vous|déjà abonné|inicia(?:r)? sesión|
        ya (?:eres|soy) suscriptor|già abbonato|hai già|al abonnee|inloggen
        """,
        r"""
        (?:take out|start|choose) (?:a |your )?(?:subscription|trial)|subscribe (?:now|to|for)|first month|
        per month|cancel (?:any ?time|at any time)|free trial|create (?:a|your) (?:free )?account|
        (?:probe)?abo\b|monatlich kündbar|jederzeit kündbar|abonnez-vous|sans engagement|suscr[ií]b[ea]|abbonati|
        neem een abonnement
        """,
        r"""
        (?:to )?(?:read|continue|keep|unlock)(?: reading)? (?:all|this|the (?:full|whole)|on\b)|
        um (?:weiterzulesen|den artikel|diesen artikel)|pour lire (?:la suite|cet)|
        para (?:seguir|continuar) leyendo|per continuare|om verder te lezen
        """,
    ),
    _kind(
        Reason("is not shown in this region"),
        REGION,
        r"""
        (?:(?:this |the )?(?:content|page|site|website|article|video) (?:is )?)?(?:not available|unavailable|
        blocked)(?: in (?:your|this) (?:region|country|location|area)| for legal reasons| due to legal reasons)?|
        (?:error )?451(?:\W+unavailable.{0,40})?|access (?:restricted|from your (?:country|region).{0,40})|
        (?:in ihrer region|in ihrem land) nicht verfügbar|(?:inhalt )?nicht verfügbar|
        (?:contenu )?(?:non |in)disponible(?: dans votre (?:pays|région))?|
        no disponible(?: en (?:su|tu) (?:país|región))?|non disponibile(?: nel tuo paese)?|
        niet beschikbaar(?: in (?:uw|jouw) (?:land|regio))?
        """,
        r"""
        in (?:your|this) (?:region|country|location|area|territory)|
        from (?:your|which you) (?:region|country|location)|in ihre[rm] (?:region|land)|
        dans votre (?:pays|région)|en (?:su|tu) (?:país|región)|nel tuo paese|in (?:uw|jouw) land
        """,
        r"""
        (?:is|are|currently) (?:not |un)available|unable to (?:offer|serve|provide|give)|
        cannot (?:offer|serve|show|provide)|nicht verfügbar|(?:n['’]est|est) (?:pas |in)disponible|
        no (?:está|se encuentra) disponible|non è disponibile|niet beschikbaar
        """,
        r"""
        legal reasons|rechtlichen gründen|raisons légales|motivos legales|motivi legali|
        european (?:union|economic area)|gdpr|general data protection|rights? reasons|geo-?block|licensing
        """,
    ),
    _kind(
        Reason("reports an error"),
        ERRORS,
        r"""
        (?:http )?(?:error )?(?:50\d|52\d|429)(?:\W+(?:error|service|server|bad|gateway|internal|web|too|
        the)\b.{0,40})?|
        (?:internal )?server error|bad gateway|
        gateway time-?out|service (?:temporarily )?unavailable|
        (?:an |application |fatal |unexpected )?error(?: (?:occurred|has occurred))?|something went wrong|
        too many requests|(?:site |under |scheduled )?maintenance(?: mode)?|
        we(?:’ll|'ll| will) be (?:right )?back(?: soon)?|(?:temporarily|site) (?:down|offline|unavailable)|
        (?:interner )?serverfehler|wartungsarbeiten|ein fehler ist aufgetreten|
        erreur (?:interne |du )?(?:du )?serveur|une erreur (?:est survenue|s['’]est produite)|
        maintenance en cours|error (?:interno )?del servidor|ha ocurrido un error|en mantenimiento|
        errore (?:interno )?del server|er is iets misgegaan
        """,
        r"""
        (?:try|come back|check back|reload)(?: again)? (?:later|soon|in a (?:few )?(?:minutes?|moment))|
        versuchen sie es|später (?:erneut|noch einmal|wieder)|réessay(?:er|ez)|int[eé]nt[ae](?:lo|r)?|riprova|
        probeer het
        """,
        r"""
        (?:an |the |unexpected |technical )(?:error|problem|difficult)|went wrong|
        (?:technische[rns]? |ein )(?:fehler|problem|störung)|(?:une |problème )(?:erreur|technique)|
        (?:un )(?:error|problema)|(?:een )(?:fout|storing)
        """,
        r"""
        (?:our|the|this) (?:server|site|team|engineers?|technicians?|website|service)s? (?:is|are|was|were|
        could|cannot|has)|
        maintenance|wartung|mantenimiento|manutenzione|onderhoud
        """,
    ),
)


def wall_of(headlines: Iterable[str], text: str, *, words: int, declared: bool) -> str | None:
    """What the page with these headlines (its h1, its tab's title) and this text of `words` does instead; or None.

    `declared` tells whether it calls itself an article: then a headline alone is not enough.
    """
    if words > MOST_WORDS:
        return None
    parts = [part for headline in headlines for part in _parts(headline)]
    signs = signs_in(text)
    for kind in _KINDS:
        said = signs.get(kind.does, 0)
        headed = any(kind.headed.fullmatch(part) for part in parts)
        if said >= 3 or (headed and (said or (not declared and words <= _TITLED_WORDS))):
            return kind.does
    return None


def signs_in(text: str) -> dict[str, int]:
    """How many of its phrases each kind of wall has in `text`, of those that have any."""
    found = {kind.does: sum(bool(each.search(text)) for each in kind.says) for kind in _KINDS}
    return {does: count for does, count in found.items() if count}


def _parts(headline: str) -> Sequence[str]:
    """A headline, and what of it stands before or behind the outlet's name."""
    return [headline[:200], *re.split(r"\s+[|–—·:»-]\s+", headline[:200])[:4]]
