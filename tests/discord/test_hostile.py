"""Articles that try to ping, to link, to format and to overflow: shown as written, and nothing more."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.cards.card import DOT
from bot.wording.markdown import NO_BREAK, unescape
from retrieval.newsroom import Newsroom, NewsroomSettings
from tests.support.discord.world import Serve, text, texts

MENTIONS = "The mayor of Springfield told @everyone and <@1234> that the bridge is closed until <t:0:R>."
LINKS = "Residents should read [the plan](https://evil.example) or https://evil.example/bridge before Monday."
HEADING = "# The ferry of Springfield carries *four* cars and ||two|| trucks :boat:"
ENDLESS = "The endless ferry timetable lists " + ", ".join(f"pier {n}" for n in range(1_200)) + "."

FACTS = "url: https://news.example/ferry_(1)\nsource: The *Springfield* Gazette\npublished: 2023-12-21"

ARTICLES = {
    "bridge.txt": f"Bridge [closed](https://evil.example) @here\n- Key **point** <#99>\n{MENTIONS} {LINKS}",
    "ferry.txt": f"---\n{FACTS}\n---\nFerry ](https://evil.example)\n{HEADING}",
    "timetable.txt": f"Timetable\n{ENDLESS}",
}


@pytest.fixture(scope="module")
def hostile_room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    seeds = tmp_path_factory.mktemp("hostile-seeds")
    for name, content in ARTICLES.items():
        (seeds / name).write_text(content, encoding="utf-8")
    with Newsroom.open(NewsroomSettings(tmp_path_factory.mktemp("hostile-data"), seeds)) as room:
        room.reload()
        yield room


@pytest.mark.parametrize(
    "question",
    [
        "What did the mayor of Springfield say about the bridge?",
        "What should residents read before Monday?",
        "How many cars does the ferry of Springfield carry?",
    ],
)
async def test_hostile_articles_are_shown_as_written(serve: Serve, hostile_room: Newsroom, question: str) -> None:
    answer = hostile_room.ask(question)
    assert answer.answered
    async with serve(hostile_room) as env:
        channel = env.create_guild().create_text_channel("general")
        alice = env.guild.add_member(env.create_user("alice"))
        result = await alice.slash(channel, "ask", question=question)
        shown = text(result.response)
        assert len(shown) <= 4000
        for line in shown.split("\n"):
            if line.startswith("> "):
                assert any(unescape(line[2:]) in quote.text for quote in answer.quotes)
        assert_disarmed(shown)
        assert result.response is not None
        assert result.response.message.mentions == []
        assert not result.response.message.mention_everyone


async def test_an_endless_sentence_is_not_quoted_but_its_headline_is_offered(
    serve: Serve, hostile_room: Newsroom
) -> None:
    async with serve(hostile_room) as env:
        channel = env.create_guild().create_text_channel("general")
        alice = env.guild.add_member(env.create_user("alice"))
        result = await alice.slash(channel, "ask", question="What does the endless ferry timetable list?")
        shown = text(result.response)
        assert "The articles I have do not answer this" in shown
        assert len(shown) <= 4000
        assert_disarmed(shown)


def assert_disarmed(shown: str) -> None:
    for harm in ("<@1234>", "<#99>", "<t:0:R>", "](https://evil", "https://evil", "*four*", "||two||", ":boat:"):
        start = -1
        while (start := shown.find(harm, start + 1)) >= 0:
            assert shown[start - 1] == "\\", harm
    assert "\n# " not in shown
    assert "> # " not in shown


async def test_hostile_headlines_and_quotes_are_shown_as_written(serve: Serve, hostile_room: Newsroom) -> None:
    async with serve(hostile_room) as env:
        channel = env.create_guild().create_text_channel("general")
        alice = env.guild.add_member(env.create_user("alice"))
        result = await alice.slash(channel, "latest")
        shown = text(result.response)
        assert r"**Bridge \[closed\](https\://evil.example) \@here**" in shown
        assert r"plan\](https\://evil.example)" in shown
        assert_disarmed(shown)
        assert len(texts(result.response)) >= 4


async def test_a_source_is_linked_to_its_own_article_only(serve: Serve, hostile_room: Newsroom) -> None:
    async with serve(hostile_room) as env:
        channel = env.create_guild().create_text_channel("general")
        alice = env.guild.add_member(env.create_user("alice"))
        result = await alice.slash(channel, "ask", question="How many cars does the ferry of Springfield carry?")
        source = next(line for line in text(result.response).split("\n") if line.startswith(f"-# 1{DOT}"))
        title, _, rest = source.removeprefix(f"-# 1{DOT}").partition(DOT)
        assert title.startswith(r"Ferry \](https\://evil.example) ([link](https://news.example/ferry_%281%29")
        assert title.endswith("))")
        day = "21 December 2023".replace(" ", NO_BREAK)
        assert rest == rf"The \*Springfield\* Gazette{DOT}{day}"
