#pragma once

// QScintilla's headers use Qt's lower-case keywords, which this code base leaves undefined.
#define signals Q_SIGNALS
#define slots Q_SLOTS
#include <Qsci/qsciscintilla.h>
#undef signals
#undef slots
