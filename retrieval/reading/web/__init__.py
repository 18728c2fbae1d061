"""The only way in which Quotewire talks to addresses that come from strangers: feeds, pages and their robots.txt.

`GuardedSession` goes to public addresses only, within a budget of time and bytes; `Fetcher` gets one address with it;
`Robots` says which pages may be got.
"""
