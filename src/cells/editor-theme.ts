import { css } from "lit";

/**
 * The colours of code, in the editor and in listings alike. All are tokens of the theme that keep 4.5 : 1 on --code, so that both themes
 * read well; and never the colour alone: keywords are heavier, comments slanted.
 */
export const codeColours = css`
  .tok-keyword {
    color: var(--picture);
    font-weight: 600;
  }
  .tok-string {
    color: var(--style);
  }
  .tok-number,
  .tok-literal {
    color: var(--content);
  }
  .tok-definition {
    color: var(--ink);
    font-weight: 600;
  }
  .tok-comment,
  .tok-quiet {
    color: var(--soft);
  }
  .tok-comment,
  .tok-emphasis {
    font-style: italic;
  }
  .tok-heading,
  .tok-strong {
    font-weight: 700;
  }
  .tok-link {
    color: var(--content);
    text-decoration: underline;
    text-underline-offset: 2px;
  }
  .tok-wrong {
    color: var(--error);
  }
`;
