#pragma once

#include <QFutureWatcher>
#include <QObject>
#include <QtConcurrent>

#include <utility>

namespace Promdeck {

/// Runs work() on a worker thread and done(result) in the context's thread. Nothing is called once the context
/// is gone, whenever that happens. (QFuture::then with a context needs it alive until the end in Qt 6.4.)
template <typename Work, typename Done>
void runInBackground(QObject* context, Work work, Done done)
{
    using Value = std::invoke_result_t<Work>;
    auto* watcher = new QFutureWatcher<Value>(context);
    QObject::connect(watcher, &QFutureWatcherBase::finished, context, [watcher, done = std::move(done)]() mutable {
        watcher->deleteLater();
        done(watcher->future().takeResult());
    });
    watcher->setFuture(QtConcurrent::run(std::move(work)));
}

} // namespace Promdeck
