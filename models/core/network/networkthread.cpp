#include "models/core/network/networkthread.h"

#include <QCoreApplication>
#include <QThread>

#include <mutex>

namespace Promdeck::Internal {

namespace {

std::mutex g_mutex;
QThread* g_thread = nullptr;

/// Called by ~QCoreApplication: afterwards there is no event loop left that an answer could reach.
void stopThread()
{
    const std::lock_guard lock(g_mutex);
    if (!g_thread)
        return;
    // quit() from here would overtake what retire() has queued, and those objects would be lost with their sockets:
    // the thread is asked in the same queue instead.
    auto* last = new QObject;
    last->moveToThread(g_thread);
    QMetaObject::invokeMethod(
        last,
        [last] {
            last->deleteLater();
            QThread::currentThread()->quit();
        },
        Qt::QueuedConnection);
    g_thread->wait();
    delete g_thread;
    g_thread = nullptr;
}

} // namespace

void NetworkThread::adopt(QObject* object)
{
    const std::lock_guard lock(g_mutex);
    if (!g_thread) {
        g_thread = new QThread;
        g_thread->setObjectName(QStringLiteral("network"));
        g_thread->start();
        qAddPostRoutine(stopThread);
    }
    object->moveToThread(g_thread);
}

void NetworkThread::retire(QObject* object, std::function<void()> work)
{
    const std::lock_guard lock(g_mutex);
    if (!g_thread) {
        // Nothing runs any more that could use it.
        delete object;
        return;
    }
    QMetaObject::invokeMethod(
        object,
        [object, work = std::move(work)] {
            work();
            object->deleteLater();
        },
        Qt::QueuedConnection);
}

} // namespace Promdeck::Internal
