// The style sheets and the program of HTML pages, which travel inside the binary. Each is UTF-8 text ended by a zero.

#ifndef SUREFOOT_PAGE_ASSETS_H
#define SUREFOOT_PAGE_ASSETS_H

/// The style of all pages: Assets/page.css.
const char *_Nonnull surefoot_page_style(void);

/// The style of players: Assets/player.css.
const char *_Nonnull surefoot_player_style(void);

/// The player's program: the JavaScript files of Assets in the order in which they need one another.
const char *_Nonnull surefoot_player_script(void);

#endif
