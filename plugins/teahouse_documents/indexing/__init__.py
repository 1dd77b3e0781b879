"""From files to chunks with vectors: read, cut, embedded, whenever it may go on."""
