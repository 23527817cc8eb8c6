#pragma once
// Precompiled for the widgets layer.
#include "pch_core.h"

#include <QApplication>
#include <QColor>
#include <QImage>
#include <QPainter>
#include <QWidget>
