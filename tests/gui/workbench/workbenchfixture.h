#pragma once

#include "tests/support/testsupport.h"
#include "widgets/common/theme.h"
#include "widgets/workbench/codeeditor.h"
#include "widgets/workbench/completionpopup.h"
#include "widgets/workbench/documentpage.h"
#include "widgets/workbench/workbench.h"
#include "widgets/workbench/workspace.h"

#include <QApplication>
#include <QDir>
#include <QFile>
#include <QPainter>
#include <QTemporaryDir>

#include <memory>

// A workbench on a folder of its own, driven by keys and mouse.
namespace Promdeck::Testing {

class WorkbenchFixture
{
public:
    static constexpr int kPatienceMs = 15000;

    WorkbenchFixture()
    {
        Theme::instance().install(*qobject_cast<QApplication*>(QCoreApplication::instance()));
    }

    QString write(const QString& name, const QByteArray& text) const
    {
        const QString path = folder.filePath(name);
        QDir().mkpath(QFileInfo(path).path());
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
            qFatal("cannot write %s", qPrintable(path));
        return path;
    }

    void start()
    {
        bench = std::make_unique<Workbench>();
        bench->resize(1300, 820);
        bench->show();
        bench->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(bench.get()));
    }

    /// Opens a file and waits until it is there and checked.
    DocumentPage* open(const QString& path) const
    {
        DocumentPage* page = bench->openFile(path);
        const bool there = QTest::qWaitFor([&] { return page->isLoaded() && isChecked(); }, kPatienceMs);
        return there ? page : nullptr;
    }

    [[nodiscard]] bool isChecked() const
    {
        for (const DocumentPage* page : bench->pages()) {
            if (page->isLoaded() && bench->workspace()->checkedRevision(page->path()) != page->editor()->revision())
                return false;
        }
        return !bench->workspace()->isBusy();
    }

    [[nodiscard]] CodeEditor* editor() const { return bench->current()->editor(); }
    [[nodiscard]] QByteArray text() const { return editor()->content(); }
    /// Puts the cursor behind the first place where this text stands.
    void cursorBehind(const QByteArray& what) const
    {
        const qsizetype at = text().indexOf(what);
        QVERIFY2(at >= 0, what.constData());
        editor()->goTo(size_t(at + what.size()));
    }
    [[nodiscard]] QStringList codes() const
    {
        QStringList out;
        for (const Config::Diagnostic& one : editor()->findings())
            out << one.code;
        return out;
    }
    [[nodiscard]] QStringList proposals() const
    {
        QStringList out;
        if (editor()->isCompleting()) {
            for (const Config::Proposal& one : editor()->popup()->proposals().items)
                out << QString::fromStdString(one.label);
        }
        return out;
    }
    void keepPicture(const QString& name, QWidget* widget = nullptr) const
    {
        const QString shots = qEnvironmentVariable("PROMDECK_SHOTS");
        if (shots.isEmpty())
            return;
        QWidget* whole = widget ? widget : bench.get();
        QPixmap picture = whole->grab();
        // Lists and tips are windows of their own.
        QPainter painter(&picture);
        const QWidgetList tops = QApplication::topLevelWidgets();
        for (QWidget* top : tops) {
            if (top != whole && top->isVisible() && (top->windowFlags() & Qt::WindowType_Mask) != Qt::Window)
                painter.drawPixmap(top->pos() - whole->mapToGlobal(QPoint()), top->grab());
        }
        painter.end();
        picture.save(QDir(shots).filePath(name + QStringLiteral(".png")));
    }

    QTemporaryDir folder;
    std::unique_ptr<Workbench> bench;
};

} // namespace Promdeck::Testing
