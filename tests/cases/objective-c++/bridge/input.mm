#import <Foundation/Foundation.h>
#include <memory>

namespace bridge {
class Engine {
 public:
  void run() { block_(); }
 private:
  void (^block_)(void);
};
}

@interface Wrapper : NSObject
- (instancetype)initWithEngine:(std::shared_ptr<bridge::Engine>)engine;
@end

@implementation Wrapper {
  std::shared_ptr<bridge::Engine> _engine;
}
- (instancetype)initWithEngine:(std::shared_ptr<bridge::Engine>)engine { return self; }
@end
