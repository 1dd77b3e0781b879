"""From a person's file or conversations to rows that can be learned; what is left out is told."""
