// Files become constants by #embed, which costs nothing to compile. SwiftPM's .embedInCode writes array literals of
// Swift instead: 9 s to compile in debug, 19 s in release.

#include "page_assets.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const char page_style[] = {
#embed "Assets/page.css"
    , 0};

static const char player_style[] = {
#embed "Assets/player.css"
    , 0};

static const char player_script[] = {
#embed "Assets/motion.js"
    , '\n',
#embed "Assets/camera.js"
    , '\n',
#embed "Assets/stage.js"
    , '\n',
#embed "Assets/sketch.js"
    , '\n',
#embed "Assets/timeline.js"
    , '\n',
#embed "Assets/contacts.js"
    , '\n',
#embed "Assets/video.js"
    , '\n',
#embed "Assets/list.js"
    , '\n',
#embed "Assets/scene.js"
    , '\n',
#embed "Assets/player.js"
    , '\n',
#embed "Assets/clock.js"
    , '\n',
#embed "Assets/controls.js"
    , '\n',
#embed "Assets/start.js"
    , 0};

const char *_Nonnull surefoot_page_style(void) { return page_style; }

const char *_Nonnull surefoot_player_style(void) { return player_style; }

const char *_Nonnull surefoot_player_script(void) { return player_script; }
