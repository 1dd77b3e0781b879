"""The loaders that this plugin brings."""

from __future__ import annotations

from teahouse.passages import Loader

PACKAGE = "teahouse_documents.loaders"

CODE = (
    *(".py", ".pyi", ".pyw", ".js", ".mjs", ".cjs", ".ts", ".tsx", ".jsx", ".vue", ".svelte", ".c", ".h"),
    *(".cc", ".cpp", ".cxx", ".hh", ".hpp", ".hxx", ".cs", ".java", ".kt", ".kts", ".scala", ".go", ".rs"),
    *(".rb", ".php", ".pl", ".pm", ".lua", ".r", ".jl", ".m", ".mm", ".swift", ".dart", ".sh", ".bash"),
    *(".zsh", ".fish", ".ps1", ".bat", ".cmd", ".sql", ".hs", ".ml", ".mli", ".fs", ".clj", ".ex", ".exs"),
    *(".erl", ".el", ".lisp", ".scm", ".f90", ".f", ".pas", ".asm", ".s", ".v", ".vhd", ".sv", ".zig"),
    *(".nim", ".proto", ".cmake", ".gradle", ".tf", ".css", ".scss", ".less", ".toml", ".yaml", ".yml"),
    *("makefile", "dockerfile", "cmakelists.txt", ".ini", ".cfg", ".conf", ".xml", ".qss", ".glsl"),
)
TEXT = (
    *(".txt", ".text", ".log", ".rst", ".org", ".tex", ".adoc", ".asciidoc", ".nfo", ".bib"),
    *("readme", "license", "licence", "copying", "authors", "changelog", "news", "todo"),
)

LOADERS = (
    Loader("text", TEXT, f"{PACKAGE}.text:load", ("text/plain",)),
    Loader("code", CODE, f"{PACKAGE}.code:load"),
    Loader(
        "markdown", (".md", ".markdown", ".mdown", ".mkd"), f"{PACKAGE}.markdown:load", ("text/markdown",)
    ),
    Loader("csv", (".csv", ".tsv", ".tab"), f"{PACKAGE}.delimited:load", ("text/csv",)),
    Loader("json", (".json",), f"{PACKAGE}.records:load", ("application/json",)),
    Loader("jsonl", (".jsonl", ".ndjson"), f"{PACKAGE}.records:load_lines", ("application/x-ndjson",)),
    Loader("subtitles", (".srt", ".vtt"), f"{PACKAGE}.subtitles:load", ("text/vtt",)),
    Loader(
        "html",
        (".html", ".htm", ".xhtml", ".xht"),
        f"{PACKAGE}.html:load",
        ("text/html", "application/xhtml+xml"),
        ("lxml",),
    ),
    Loader("mail", (".eml",), f"{PACKAGE}.mail:load", ("message/rfc822",), ("lxml",)),
    Loader("mbox", (".mbox", ".mbx"), f"{PACKAGE}.mail:load_mbox", ("application/mbox",), ("lxml",)),
    Loader("pdf", (".pdf",), f"{PACKAGE}.pdf:load", ("application/pdf",), ("pypdfium2",), version=2),
    Loader(
        "docx",
        (".docx", ".docm", ".dotx"),
        f"{PACKAGE}.docx:load",
        ("application/vnd.openxmlformats-officedocument.wordprocessingml.document",),
        ("lxml",),
    ),
    Loader(
        "pptx",
        (".pptx", ".pptm", ".ppsx"),
        f"{PACKAGE}.pptx:load",
        ("application/vnd.openxmlformats-officedocument.presentationml.presentation",),
        ("lxml",),
    ),
    Loader(
        "sheets",
        (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"),
        f"{PACKAGE}.sheets:load",
        (
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "application/vnd.ms-excel",
            "application/vnd.oasis.opendocument.spreadsheet",
        ),
        ("python_calamine", "lxml"),
    ),
    Loader(
        "odf",
        (".odt", ".odp", ".fodt"),
        f"{PACKAGE}.odf:load",
        (
            "application/vnd.oasis.opendocument.text",
            "application/vnd.oasis.opendocument.presentation",
        ),
        ("lxml",),
    ),
    Loader("epub", (".epub",), f"{PACKAGE}.epub:load", ("application/epub+zip",), ("lxml",)),
)
