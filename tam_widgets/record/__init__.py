"""The record of an explained answer: what it holds, how it is made, checked and saved."""
