"""Pages that answer 200 and are not the article are told from articles about the same things."""

from __future__ import annotations

import pytest

from retrieval.reading.sources.html_page import read_page
from retrieval.reading.sources.walls import PageIsWall

URL = "https://gazette.example/2026/tram"
WALLS = {
    "asks for consent first": [
        ("Ihre Privatsphäre ist uns wichtig", "Wir und unsere 214 Partner speichern Informationen auf Ihrem Gerät."),
        ("Cookie settings", "This site and its vendors use cookies. You can change your choice at any time."),
        ("Mit Werbung weiterlesen", "Besuchen Sie uns wie gewohnt mit Werbung. Mit Ihrer Zustimmung geht es weiter."),
        ("Votre vie privée", "Nous et nos 92 partenaires lisons des données sur votre appareil, avec votre accord."),
        ("Tram News", "We and our 80 partners store information on your device. With your consent, go on reading."),
    ],
    "checks for robots first": [
        ("Just a moment...", "Checking your browser before you reach the site. Ray ID: 81f"),
        ("Are you a robot?", "Please show that you are none. We have seen unusual traffic from your network."),
        ("Sicherheitsüberprüfung", "Bitte aktivieren Sie JavaScript, und beweisen Sie, dass Sie kein Roboter sind."),
        ("Access denied", "You have no permission to see this. Reference ID 18.2fa"),
    ],
    "says that there is no such page": [
        ("404 – Seite nicht gefunden", "Die gesuchte Seite ist nicht mehr vorhanden. Zurück zur Startseite."),
        ("Page introuvable", "La page que vous cherchez n’existe plus."),
        ("Oops! Nothing here", "The story you are looking for may have been moved."),
        ("Página no encontrada | El Diario", "La página que busca no existe."),
        ("Not found", "Nothing lives at this address."),
    ],
    "asks for a log-in or a subscription": [
        ("Anmelden", "Um den Artikel zu lesen, melden Sie sich an. Noch kein Konto? Jetzt Abo abschließen."),
        ("Subscribe to continue", "Choose a subscription: one pound for the first month, cancel any time."),
        ("Article réservé aux abonnés", "Déjà abonné ? Connectez-vous. Sinon, abonnez-vous sans engagement."),
        ("Sign in", "Already a subscriber? Sign in to read on."),
    ],
    "is not shown in this region": [
        ("Unavailable for legal reasons", "We cannot offer our site in the European Economic Area for now."),
        ("Inhalt nicht verfügbar", "Dieser Inhalt ist in Ihrem Land aus rechtlichen Gründen nicht verfügbar."),
        ("This content is not available in your region", "Sorry about that. Visit one of our other sites instead."),
    ],
    "reports an error": [
        ("503 Service Unavailable", "Our server is busy. Please try again later."),
        ("Something went wrong", "An error occurred. Please reload in a few minutes."),
        ("Wartungsarbeiten", "Wir bauen um. Bitte versuchen Sie es später erneut."),
    ],
}
ARTICLES = [
    (
        "Cookies law passes",
        "The parliament passed a law on cookies on Monday. It asks sites for consent of readers first.",
    ),
    (
        "404 trams to be built",
        "The city will build trams. The first of them is to run in May, the mayor said on Friday.",
    ),
    ("Access denied: reporters kept out", "Reporters were kept out of the council on Monday, and stood in the rain."),
    ("Error in count found", "The clerk found an error in the count of votes of Elder Hill, and it was counted again."),
    ("Sorry, says mayor", "The mayor said that she was sorry for the late trams, and that fares would be paid back."),
    (
        "Subscribers to trams rise",
        "Some 4,000 people subscribe to the tram, and pay 20 crowns a month for it, a clerk said.",
    ),
]


def page(headline: str, text: str, head: str = "") -> str:
    body = f"<main><h1>{headline}</h1><p>{text}</p></main>"
    return f"<html><head><title>{headline}</title>{head}</head><body>{body}</body></html>"


@pytest.mark.parametrize(("does", "headline", "text"), [(does, *each) for does, some in WALLS.items() for each in some])
def test_a_wall_is_told_with_what_it_does(does: str, headline: str, text: str):
    with pytest.raises(PageIsWall, match=does):
        read_page(page(headline, text), URL)


@pytest.mark.parametrize(("headline", "text"), ARTICLES)
def test_an_article_about_such_things_is_one(headline: str, text: str):
    assert read_page(page(headline, text), URL, least_words=5).article.title == headline
    declared = page(headline, text, "<meta property='og:type' content='article'>")
    assert read_page(declared, URL).article.title == headline


def test_what_is_long_is_no_wall():
    text = "We and our 80 partners store information on your device with your consent, the page said. " * 20
    assert read_page(page("Your privacy", text), URL).article.title == "Your privacy"
