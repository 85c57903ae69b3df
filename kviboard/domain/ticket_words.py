"""What help desks call tickets that are open, and those that are closed: patterns of a state in small letters."""

OPEN = (
    r"^(re-?)?open(ed)?$|^(new|to do|backlog|unresolved|pending|on[ _-]?hold|snoozed|in[ _-]progress|waiting)(\W|$)|"
    r"^(wieder )?(offen|geöffnet)$|^(neu|in bearbeitung|wartend|ouverte?|rouverte?|en cours|nouveau|en attente|abierto|"
    r"reabierto|pendiente|en curso|geopend|heropend|in behandeling|åben|genåbnet|öppen|aperto|riaperto|aberto|otwarte)$"
)
CLOSED = (
    r"^(closed|solved|resolved|done|completed?)(\W|$)|^(geschlossen|gelöst|erledigt|abgeschlossen|fermée?|résolue?|"
    r"cerrado|resuelto|gesloten|opgelost|afgehandeld|lukket|løst|stängd|löst|chiuso|risolto|fechado|resolvido|"
    r"zamknięte|rozwiązane)$"
)
