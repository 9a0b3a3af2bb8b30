# A dump of the shop.
DROP TABLE IF EXISTS `orders`;
CREATE TABLE `orders` (
  `id` int(10) unsigned NOT NULL AUTO_INCREMENT COMMENT 'it''s (the) key',
  `state` enum('new','done') NOT NULL DEFAULT 'new',
  name varchar(10) DEFAULT '',
  PRIMARY KEY (`id`),
  KEY `by_state` (`state`)
) ENGINE=InnoDB;
INSERT INTO orders VALUES (1, 'CREATE TABLE no (a int);\'', 'x');
/*!50001 CREATE ALGORITHM=UNDEFINED */
/*!50013 DEFINER=`root`@`localhost` SQL SECURITY DEFINER */
/*!50001 VIEW `open_orders` AS select 1 */;
DELIMITER $$
-- Pays one order.
CREATE DEFINER=`root`@`localhost` PROCEDURE pay(IN which INT, OUT left_over INT)
BEGIN
  CREATE TEMPORARY TABLE inside (a int);
  IF which THEN SELECT 1; END IF;
END$$
CREATE FUNCTION twice(n INT) RETURNS INT DETERMINISTIC RETURN n * 2$$
CREATE EVENT nightly ON SCHEDULE EVERY 1 DAY DO CALL pay(1, @x)$$
DELIMITER ;
CREATE TABLE after_all (a int);
