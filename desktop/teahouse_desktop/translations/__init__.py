"""The window's Chinese: `zh_CN.ts` for people, `zh_CN.qm` for Qt; both are kept in the tree."""
