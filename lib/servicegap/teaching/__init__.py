"""For those who teach the series: what was planted, what was found, and what a room believes.

Before: `guide` and `lesson` read what is taught; `materials` lays out what comes of it (`edition`,
`handout`, `deck`), `ready` tries the machine, `fresh` puts a room's copies back.
In the room: `handed_in` reads its guesses, `fives` sees to it that nobody can be had by
subtracting, `room` keeps to that, `views` draws.
At the end: `outcome` says whether a session found what was planted, and how often it would;
`planted` puts it together and `revealing` makes the page.
"""
