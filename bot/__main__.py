"""`python -m bot` is `quotewire`."""

from bot.cli import main

if __name__ == "__main__":
    main()
