"""From a person's file or conversations to rows that can be learned, with everything told that is left out."""
