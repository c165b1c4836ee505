"""An e-mail as one text, as writers give it and the guard reads it: `Subject:`, `Preheader:`, a blank line, body."""


def split_letter(text: str) -> tuple[str, str | None, str]:
    """Subject, preheader and body of a text that begins with a `Subject:` line."""
    subject, preheader = "", None
    lines = text.split("\n")
    while lines and (lines[0].startswith(("Subject:", "Preheader:")) or not lines[0].strip()):
        name, _, value = lines.pop(0).partition(":")
        if name == "Subject":
            subject = value.strip()
        elif name == "Preheader":
            preheader = value.strip()
    return subject, preheader, "\n".join(lines).strip()


def join_letter(subject: str, preheader: str | None, body: str) -> str:
    """The text of a letter; `split_letter` takes it apart again."""
    head = f"Subject: {subject}\n" + (f"Preheader: {preheader}\n" if preheader else "")
    return f"{head}\n{body}"
