"""What exports write where a customer should stand and nobody is known."""

NOBODY = (
    "anonymous", "(anonymous)", "anonymized", "anonymised", "anonymous user", "unknown", "guest", "guest customer",
    "not logged in", "(not set)", "(other)", "undefined", "not available", "no customer", "walk-in", "walk-in customer",
    "n/a", "n.a.", "na", "null", "none", "nan", "-", "--", "-1", "00000000-0000-0000-0000-000000000000", "anonym",
    "unbekannt", "gast", "gastkunde", "laufkundschaft", "anonyme", "inconnu", "invité", "desconocido", "invitado",
    "onbekend", "anoniem", "anon", "anonymous customer", "(none)", "(null)", "(blank)", "#n/a", "deleted", "[deleted]",
    "deleted user", "redacted", "[redacted]", "***", "not provided", "not given", "no email", "no name", "hidden", "?",
    ".", "xxx", "keine angabe", "k.a.", "gelöscht", "gæst", "ukendt", "gjest", "ukjent", "gäst", "okänd", "ospite",
    "anonimo", "sconosciuto", "convidado", "consumidor final", "anônimo", "anónimo", "desconhecido", "gość",
    "anonimowy", "nieznany", "ゲスト", "非会員", "匿名", "不明",
)  # fmt: skip
"""Words for nobody, in lower case."""
NO_ACCOUNT = "0"
"""As shops number those who bought without an account; elsewhere it may be somebody."""
