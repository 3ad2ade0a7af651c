"""For those who teach the series: what was planted, what was found, and what a room believes.

`outcome` says whether a session found what a made-up firm has planted, and how often it would;
`reveal` makes the page for the end of a workshop; `handed_in` reads a room's guesses, `fives` sees
to it that nobody can be had by subtracting, and `room` draws what may be shown.
"""
