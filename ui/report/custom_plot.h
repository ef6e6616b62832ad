#pragma once

/// QCustomPlot's header needs Qt's lower-case keywords, which this project switches off (QT_NO_KEYWORDS)
/// because `slots` is a word like any other. They exist only while that header is read.

#include <QObject>

#define signals Q_SIGNALS
#define slots Q_SLOTS
#define emit
#define foreach Q_FOREACH
#include <qcustomplot.h>
#undef signals
#undef slots
#undef emit
#undef foreach
