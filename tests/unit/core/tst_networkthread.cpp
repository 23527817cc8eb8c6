#include "models/core/network/networkthread.h"
#include "tests/support/testsupport.h"

#include <QCoreApplication>
#include <QSemaphore>
#include <QTimer>

#include <atomic>
#include <memory>
#include <thread>

using namespace Promdeck;

namespace {

class Witness final : public QObject
{
public:
    explicit Witness(std::atomic<int>& gone) : m_gone(gone) {}
    ~Witness() override { ++m_gone; }
    Q_DISABLE_COPY_MOVE(Witness)

private:
    std::atomic<int>& m_gone;
};

} // namespace

/// The thread's end is the application's: every case makes an application object of its own.
class TestNetworkThread : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    /// The thread is busy in a socket (here: a timer) while the last client goes and the application ends.
    void retiredObjectsGoBeforeTheThreadEnds()
    {
        std::atomic<int> gone = 0;
        std::atomic<int> worked = 0;
        QSemaphore busy;
        QSemaphore release;
        std::thread releaser;
        {
            int argc = 1;
            char name[] = "tst_networkthread";
            char* argv[] = {name, nullptr};
            const auto app = std::make_unique<QCoreApplication>(argc, argv);
            auto* occupied = new Witness(gone);
            auto* retired = new Witness(gone);
            Internal::NetworkThread::adopt(occupied);
            Internal::NetworkThread::adopt(retired);
            QMetaObject::invokeMethod(
                occupied,
                [&, occupied] {
                    QTimer::singleShot(0, Qt::PreciseTimer, occupied, [&] {
                        busy.release();
                        release.acquire();
                    });
                },
                Qt::QueuedConnection);
            busy.acquire();
            Internal::NetworkThread::retire(retired, [&worked] { ++worked; });
            Internal::NetworkThread::retire(occupied, [&worked] { ++worked; });
            // Let go while the application's end waits for the thread; sooner would only make the case easier.
            releaser = std::thread([&release] {
                QThread::msleep(50);
                release.release();
            });
        }
        releaser.join();
        QCOMPARE(worked.load(), 2);
        QCOMPARE(gone.load(), 2);
    }

    /// Without a thread an object goes at once.
    void retiresWithoutAnApplication()
    {
        std::atomic<int> gone = 0;
        Internal::NetworkThread::retire(new Witness(gone), [] {});
        QCOMPARE(gone.load(), 1);
    }
};

int main(int argc, char** argv)
{
    Testing::prepareEnvironment();
    TestNetworkThread test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_networkthread.moc"
